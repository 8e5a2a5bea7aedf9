import type { Prisma } from './generated/client.js';

/** Text as Postgres can store it: without NUL and halves of surrogate pairs, which JSON may hold but a database in UTF-8 may not. */
export function storableText(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, '\uFFFD');
}

/** The value as JSON text that Postgres takes. */
export function jsonText(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
}

/** Hands one of our plain JSON types to Prisma, whose own JSON type knows no interfaces and no `undefined`. */
export function toJson(value: object): Prisma.InputJsonValue {
  return JSON.parse(jsonText(value)) as Prisma.InputJsonValue;
}

/** A JSON column as the type that only our own code writes there. */
export function fromJson<Value>(value: Prisma.JsonValue): Value {
  return value as Value;
}
