import { z } from 'zod';

export const CLAIM_FIELD_TYPES = ['text', 'datetime', 'email', 'phone_number', 'enum', 'number', 'boolean'] as const;
export type ClaimFieldType = (typeof CLAIM_FIELD_TYPES)[number];

/** One field that a conversation collects. The first four types are those of the reference peer. */
export interface ClaimField {
  name: string;
  type: ClaimFieldType;
  description?: string | null | undefined;
  /** The allowed values of an `enum` field. */
  values?: string[] | undefined;
}

/** JSON-ready values by field name; empty ones are left out. Datetimes are ISO 8601, phone numbers E.164. */
export type Claim = Record<string, string | number | boolean>;

export const claimFieldSchema = z
  .object({
    name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/i, 'use letters, digits and "_", starting with a letter (64 at most)'),
    type: z.enum(CLAIM_FIELD_TYPES),
    description: z.string().max(500).nullish(),
    values: z.array(z.string().min(1).max(100)).min(1).max(50).optional(),
  })
  .refine((field) => (field.type === 'enum') === (field.values !== undefined), {
    path: ['values'],
    message: 'an enum field needs "values", the other types must not have them',
  });

export const claimSchemaSchema = z
  .array(claimFieldSchema)
  .max(50)
  .refine((fields) => new Set(fields.map((field) => field.name)).size === fields.length, { message: 'field names must be unique' });
