import { z } from 'zod';
import { claimViewSchema } from './call-view.js';
import { DISPOSITIONS } from './disposition.js';

const count = z.number().int().min(0);

const collectedRowSchema = z.object({
  phone_number: z.string(),
  call_id: z.uuid().nullable(),
  disposition: z.enum(DISPOSITIONS).nullable(),
  claim: claimViewSchema,
  /** Share of the claim's fields that hold a value, 0–1. */
  completeness: z.number().min(0).max(1),
});
export type CollectedRow = z.infer<typeof collectedRowSchema>;

/** `GET /campaigns/{id}/report` */
export const campaignReportSchema = z.object({
  campaign_id: z.uuid(),
  contacts: count,
  /** Contacts by state; they add up to `contacts`. */
  states: z.object({ waiting: count, reserved: count, in_flight: count, reconciling: count, final: count }),
  /** Final contacts by the outcome of their last call. */
  dispositions: z.partialRecord(z.enum(DISPOSITIONS), count),
  /** Calls that were sent, or may have been. */
  calls: count,
  answered: count,
  /** Answered calls of those that have ended, 0–1; null before the first end. */
  answer_rate: z.number().nullable(),
  /** From the last voiced sample of the person to our first audio, milliseconds, over `n` turns. */
  reply_latency_ms: z.object({ p50: z.number().nullable(), p95: z.number().nullable(), n: count }),
  /** One page of contacts, in the order of their upload. */
  collected: z.array(collectedRowSchema),
});
export type CampaignReport = z.infer<typeof campaignReportSchema>;
