import { z } from 'zod';
import { callInitiateViewSchema } from './call-view.js';
import { pageOf, pageQueryFields } from './page.js';

export const SCHEDULED_CALL_STATES = ['waiting', 'called', 'cancelled', 'expired'] as const;
export type ScheduledCallState = (typeof SCHEDULED_CALL_STATES)[number];

/** Who asked for a call that comes later: a request, a reminder that became due, a callback that was promised in a call. */
export const SCHEDULED_CALL_SOURCES = ['api', 'reminder', 'callback'] as const;
export type ScheduledCallSource = (typeof SCHEDULED_CALL_SOURCES)[number];

/** Query of `GET /scheduled-calls`. They are read in the order of their time: `after` holds the time and the id of the last one. */
export const scheduledCallQuerySchema = z.object({
  limit: pageQueryFields.limit,
  after: z
    .string()
    .regex(/^\d{1,13}\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, 'is not the "next" of a page')
    .optional(),
  state: z.enum(SCHEDULED_CALL_STATES).default('waiting'),
});

/** A call for later that belongs to no contact of a campaign. */
export const scheduledCallViewSchema = z.object({
  /** The call has the same id, once it is made. */
  scheduled_call_id: z.uuid(),
  state: z.enum(SCHEDULED_CALL_STATES),
  source: z.enum(SCHEDULED_CALL_SOURCES),
  reason: z.string().nullable(),
  initiate: callInitiateViewSchema,
  policies: z.array(z.string()),
  /** When the gate is asked again. */
  next_at: z.iso.datetime(),
  /** Too late for the call from then on. */
  not_after: z.iso.datetime(),
  /** Code of the last refusal, while it waits. */
  blocked: z.string().nullable(),
  call_id: z.uuid().nullable(),
  created_at: z.iso.datetime(),
});
export type ScheduledCallView = z.infer<typeof scheduledCallViewSchema>;
export const scheduledCallPageSchema = pageOf(scheduledCallViewSchema);
