import { z } from 'zod';

/** The field as it is without the value that stands in for it where it is missing. */
type WithoutDefault<Field> = Field extends z.ZodDefault<infer Inner> ? Inner : Field extends z.ZodPrefault<infer Inner> ? Inner : Field;
type OptionalFields<Shape extends z.ZodRawShape> = { [Name in keyof Shape]: z.ZodOptional<WithoutDefault<Shape[Name]>> };

/** Fields of a change: each may be missing, and a missing one means "as it is", so the defaults go. (`partial` would keep them.) */
export function optionalFields<Shape extends z.ZodRawShape>(shape: Shape): OptionalFields<Shape> {
  const entries = Object.entries(shape).map(([name, field]) => [name, z.optional(withoutDefault(field))]);
  return Object.fromEntries(entries) as OptionalFields<Shape>;
}

function withoutDefault(field: z.core.$ZodType): z.core.$ZodType {
  return field instanceof z.ZodDefault || field instanceof z.ZodPrefault ? field.unwrap() : field;
}
