import type { ClaimField } from '@carillon/contracts';

/** What the answer to a question about a field looks like. */
export type FieldKind =
  | 'full-name'
  | 'name'
  | 'address'
  | 'digits'
  | 'phone'
  | 'email'
  | 'date'
  | 'time'
  | 'date-and-time'
  | 'count'
  | 'yes-no'
  | 'choice'
  | 'free';

const BY_WORDS: readonly [FieldKind, RegExp][] = [
  ['email', /\be ?mail\b/],
  ['phone', /\b(phone|telephone|mobile|call ?back number)\b/],
  ['digits', /\b(zip|postal|post ?code|(?!number of)number|code|digits|reference|id)\b/],
  ['full-name', /\b(full|complete|first and last) names?\b/],
  ['name', /\b(names?|surname|city|town)\b/],
  ['address', /\b(address|street)\b/],
  ['date', /\b(date|day|birthday|birth)\b/],
  ['time', /\b(time|hour)\b/],
];

/** Told from the type, then the name, then the description. */
export function fieldKind({ name, type, description }: ClaimField): FieldKind {
  const words = nameWords(name);
  const all = `${words} ${description ?? ''}`.toLowerCase();
  switch (type) {
    case 'email':
      return 'email';
    case 'phone_number':
      return 'phone';
    case 'boolean':
      return 'yes-no';
    case 'enum':
      return 'choice';
    case 'number':
      return 'count';
    case 'datetime':
      return /\b(time|hour)\b|datetime/.test(all) && !/\bbirth/.test(all) ? 'date-and-time' : 'date';
    case 'text':
      return kindOfWords(words) ?? kindOfWords((description ?? '').toLowerCase()) ?? 'free';
  }
}

/** `order_number`, `orderNumber` → "order number" */
export function nameWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/_+/g, ' ')
    .trim()
    .toLowerCase();
}

function kindOfWords(words: string): FieldKind | null {
  return BY_WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}
