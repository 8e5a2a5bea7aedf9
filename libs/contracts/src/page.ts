import { z } from 'zod';

/** Query of a list that is read page by page. Query values are text. */
export const pageQueryFields = {
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  /** The `next` of the page before. */
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'is not the "next" of a page')
    .optional(),
};
export const pageQuerySchema = z.object(pageQueryFields);

export interface Page<Item> {
  items: Item[];
  /** For `after`, to read on; null on the last page. */
  next: string | null;
}

export const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), next: z.string().nullable() });
