import { z } from 'zod';
import { initiateSchema } from './call-request.js';
import { initiateViewSchema } from './call-view.js';
import { campaignSettingsFields, endsAfterStart, ENDS_AFTER_START } from './campaign-settings.js';
import { DISPOSITIONS } from './disposition.js';
import { optionalFields } from './optional-fields.js';
import { phoneRegionSchema } from './phone-number.js';
import { policiesSchema } from './policy.js';
import { campaignExample } from './campaign-example.js';

export const CAMPAIGN_STATUSES = ['draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** What may be changed at any time until the campaign is over; effective with the next call. */
const changeable = {
  name: z.string().min(1).max(200),
  policy: policiesSchema,
  initiate: initiateSchema,
  max_concurrent: z.number().int().min(1).max(10_000).default(10),
  ring_timeout_ms: z.number().int().min(5_000).max(120_000).default(30_000),
  max_call_ms: z.number().int().min(10_000).max(7_200_000).default(900_000),
  ...campaignSettingsFields,
};

/** `POST /campaigns` */
export const campaignRequestSchema = z
  .object({
    ...changeable,
    /** Region of numbers that are written without a country code. */
    default_region: phoneRegionSchema,
  })
  .refine(endsAfterStart, ENDS_AFTER_START)
  .meta({ example: campaignExample });
export type CampaignRequest = z.infer<typeof campaignRequestSchema>;

/** `PATCH /campaigns/{id}`: a field that is not there stays as it is; one that is an object or a list is replaced as a whole. */
export const campaignPatchSchema = z
  .strictObject({
    ...optionalFields(changeable),
    /** As it was read: the change is refused when the campaign was changed meanwhile. */
    version: z.number().int().min(1).optional(),
  })
  .meta({
    example: { version: 1, max_concurrent: 20, windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' }] },
  });
export type CampaignPatch = z.infer<typeof campaignPatchSchema>;

const count = z.number().int().min(0);

/** Every answer that is a campaign. */
export const campaignViewSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  status: z.enum(CAMPAIGN_STATUSES),
  policies: z.array(z.string()),
  /** What the policies demand beside what the gate decides: the agent says it in each call to which it applies, or it is left to the operator. */
  demands: z.array(z.object({ rule: z.string(), text: z.string(), said_by_agent: z.boolean() })),
  default_region: z.string(),
  initiate: initiateViewSchema,
  max_concurrent: count,
  ring_timeout_ms: count,
  max_call_ms: count,
  ...campaignSettingsFields,
  /** No new calls before `until`: a breaker or the budget holds the campaign. */
  held: z.object({ until: z.iso.datetime().nullable(), reason: z.string() }).nullable(),
  /** Cost of the calls so far, in the currency of the budget. */
  spent: z.number(),
  /** Raised by each change. */
  version: count,
  created_at: z.iso.datetime(),
  started_at: z.iso.datetime().nullable(),
  completed_at: z.iso.datetime().nullable(),
  /** Contacts by state; they add up to `contacts`. */
  progress: z.object({ contacts: count, waiting: count, reserved: count, in_flight: count, reconciling: count, final: count }),
  /** Final contacts by the outcome of their last call. */
  dispositions: z.partialRecord(z.enum(DISPOSITIONS), count),
});
export type CampaignView = z.infer<typeof campaignViewSchema>;
