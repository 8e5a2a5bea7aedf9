import type { Prisma } from './generated/client.js';

/** Hands one of our plain JSON types to Prisma, whose own JSON type knows no interfaces and no `undefined`. */
export function toJson(value: object): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}

/** A JSON column as the type that only our own code writes there. */
export function fromJson<Value>(value: Prisma.JsonValue): Value {
  return value as Value;
}
