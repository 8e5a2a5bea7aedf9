import { z } from 'zod';
import { instantSchema } from './instant.js';
import { optionalFields } from './optional-fields.js';
import { phoneNumberSchema, phoneRegionSchema } from './phone-number.js';

const count = (max: number) => z.number().int().min(1, 'must be at least 1; use null for no limit').max(max).nullable().default(null);

const changeable = {
  /** ISO 3166 alpha-2; taken from the number where it is not given. */
  country: phoneRegionSchema.nullable().default(null),
  /** State or province, for local presence: CA of US. Taken from the number where it is not given and the number says it. */
  region: z.string().min(1).max(20).nullable().default(null),
  max_concurrent: count(10_000),
  daily_cap: count(1_000_000),
  enabled: z.boolean().default(true),
};

/** `POST /numbers` */
export const callerNumberRequestSchema = z
  .strictObject({ phone_number: phoneNumberSchema, ...changeable })
  .meta({ example: { phone_number: '+14155550123', region: 'CA', max_concurrent: 2, daily_cap: 100 } });
export type CallerNumberRequest = z.infer<typeof callerNumberRequestSchema>;

/** `PATCH /numbers/{phone}` */
export const callerNumberPatchSchema = z.strictObject(optionalFields(changeable)).meta({ example: { daily_cap: 150, enabled: true } });
export type CallerNumberPatch = z.infer<typeof callerNumberPatchSchema>;

/** `POST /numbers/{phone}/rest` */
export const callerNumberRestSchema = z
  .strictObject({
    until: instantSchema,
    reason: z.string().min(1).max(200).default('put to rest by the operator'),
  })
  .meta({ example: { until: '2036-03-02T09:00:00Z', reason: 'marked as spam' } });
export type CallerNumberRest = z.infer<typeof callerNumberRestSchema>;

export const callerNumberViewSchema = z.object({
  phone_number: z.string(),
  country: z.string().nullable(),
  region: z.string().nullable(),
  max_concurrent: z.number().int().nullable(),
  daily_cap: z.number().int().nullable(),
  enabled: z.boolean(),
  /** Not used before `until`: its answer rate fell, or somebody put it to rest. */
  resting: z.object({ until: z.iso.datetime(), reason: z.string() }).nullable(),
  created_at: z.iso.datetime(),
});
export type CallerNumberView = z.infer<typeof callerNumberViewSchema>;
