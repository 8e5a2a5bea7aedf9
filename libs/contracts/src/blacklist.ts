import { z } from 'zod';
import { instantSchema } from './instant.js';
import { phoneNumberSchema, phoneRegionSchema } from './phone-number.js';
import { optionalFields } from './optional-fields.js';
import { pageOf, pageQueryFields } from './page.js';

export const BLACKLIST_SCOPES = ['global', 'tenant', 'campaign'] as const;
export type BlacklistScope = (typeof BLACKLIST_SCOPES)[number];

/** For whom an entry holds: all campaigns of the tenant unless one is named; `global`, for every tenant, takes an admin key. */
const scopeFields = {
  scope: z.enum(['tenant', 'global']).default('tenant'),
  campaign_id: z.uuid('is not the id of a campaign').optional(),
  reason: z.string().min(1).max(500).default('asked for by the operator'),
};
const oneScope = ({ scope, campaign_id }: { scope?: string | undefined; campaign_id?: string | undefined }) =>
  scope !== 'global' || campaign_id === undefined;
const ONE_SCOPE = { path: ['campaign_id'], message: 'a global entry holds for all campaigns; leave one of the two out' };

/** `POST /blacklist` */
export const blacklistRequestSchema = z
  .strictObject({
    phone_number: z
      .union([phoneNumberSchema, z.array(phoneNumberSchema).min(1).max(1_000)])
      .transform((phones) => [...new Set([phones].flat())]),
    ...scopeFields,
    /** Null: for good. Until then its contacts wait; for good, they are final. */
    expires_at: instantSchema.nullable().default(null),
  })
  .refine(oneScope, ONE_SCOPE)
  .meta({ example: { phone_number: ['+14155550100', '+14155550101'], reason: 'complaint of 2 March' } });
export type BlacklistRequest = z.infer<typeof blacklistRequestSchema>;

/** Query of `POST /blacklist/import`; in a form, fields before the file do as well. */
const importFields = {
  ...scopeFields,
  /** Of numbers without a country code; without it a file that has such numbers is refused. */
  default_region: phoneRegionSchema.optional(),
};
export const blacklistImportQuerySchema = z.object(optionalFields(importFields)).refine(oneScope, ONE_SCOPE);
export type BlacklistImportQuery = z.infer<typeof blacklistImportQuerySchema>;

/** What the query and the form say together. */
export const blacklistImportSchema = z.object(importFields).refine(oneScope, ONE_SCOPE);

/** Query of `GET /blacklist`. */
export const blacklistQuerySchema = z.object({ ...pageQueryFields, phone_number: phoneNumberSchema.optional() });

export const blacklistEntryViewSchema = z.object({
  id: z.string(),
  phone_number: z.string(),
  scope: z.enum(BLACKLIST_SCOPES),
  campaign_id: z.uuid().nullable(),
  reason: z.string(),
  source: z.enum(['api', 'import', 'call']),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
});
export type BlacklistEntryView = z.infer<typeof blacklistEntryViewSchema>;
export const blacklistPageSchema = pageOf(blacklistEntryViewSchema);

/** `GET /blacklist/{phone}` */
export const blacklistCheckSchema = z.object({
  phone_number: z.string(),
  /** In every campaign; an entry for one campaign alone is among `entries` only. */
  blacklisted: z.boolean(),
  /** The entries that hold now. */
  entries: z.array(blacklistEntryViewSchema),
});
export type BlacklistCheck = z.infer<typeof blacklistCheckSchema>;

/** What an entry has stopped. */
export const blacklistResultSchema = z.object({
  added: z.number().int(),
  /** Numbers that were on it already. */
  already_listed: z.number().int(),
  /** Contacts that waited and will not be called. */
  contacts_stopped: z.number().int(),
  /** Calls that were about to be dialed and were taken back. */
  calls_released: z.number().int(),
});
export type BlacklistResult = z.infer<typeof blacklistResultSchema>;

/** `POST /blacklist/import` */
export const blacklistImportViewSchema = blacklistResultSchema.extend({
  rows: z.number().int(),
  rejected: z.number().int(),
  /** The first rows that could not be read. */
  errors: z.array(z.object({ line: z.number().int(), column: z.string(), reason: z.string() })),
});
export type BlacklistImportView = z.infer<typeof blacklistImportViewSchema>;
