import type { Page } from '@carillon/contracts';

/** A page of rows that were asked for with one more than its limit, to see whether others follow. */
export function pageFrom<Item extends { id: string }>(items: Item[], limit: number): Page<Item> {
  const page = items.slice(0, limit);
  return { items: page, next: items.length > limit ? (page.at(-1)?.id ?? null) : null };
}
