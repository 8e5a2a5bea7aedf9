import { z } from 'zod';
import { CALL_STATUSES } from './call-view.js';
import { DISPOSITIONS } from './disposition.js';
import { instantSchema } from './instant.js';
import { pageOf, pageQueryFields } from './page.js';
import { phoneNumberSchema } from './phone-number.js';

export const CONTACT_STATES = ['waiting', 'reserved', 'in_flight', 'reconciling', 'final'] as const;
export type ContactState = (typeof CONTACT_STATES)[number];

/** Who comes first, in this order: a promised callback, a retry, who was never called. */
export const CONTACT_CLASSES = ['callback', 'retry', 'fresh'] as const;
export type ContactClass = (typeof CONTACT_CLASSES)[number];

/** Query of `GET /campaigns/{id}/contacts`. */
export const contactQuerySchema = z.object({
  ...pageQueryFields,
  state: z.enum(CONTACT_STATES).optional(),
  phone_number: phoneNumberSchema.optional(),
});

const contactFields = {
  /** Text, for it may be longer than a number holds. */
  id: z.string(),
  campaign_id: z.uuid(),
  phone_number: z.string(),
  state: z.enum(CONTACT_STATES),
  class: z.enum(CONTACT_CLASSES),
  /** Calls charged to this contact. */
  attempts: z.number().int(),
  /** Not called before; null once the contact is final. */
  next_at: z.iso.datetime().nullable(),
  /** Code of the last refusal, while it waits. */
  blocked: z.string().nullable(),
  disposition: z.enum(DISPOSITIONS).nullable(),
  created_at: z.iso.datetime(),
  final_at: z.iso.datetime().nullable(),
};

export const contactViewSchema = z.object(contactFields);
export type ContactView = z.infer<typeof contactViewSchema>;
export const contactPageSchema = pageOf(contactViewSchema);

/** `GET /contacts/{id}` */
export const contactDetailsSchema = z.object({
  ...contactFields,
  variables: z.record(z.string(), z.string()),
  /** IANA zones in which the person may be; a call is right in all of them. */
  time_zones: z.array(z.string()),
  country: z.string().nullable(),
  /** Newest first, without those that were taken back before they were sent. */
  calls: z.array(
    z.object({
      call_id: z.uuid(),
      attempt_no: z.number().int(),
      status: z.enum(CALL_STATUSES),
      outcome: z.enum(DISPOSITIONS).nullable(),
      created_at: z.iso.datetime(),
      answered_at: z.iso.datetime().nullable(),
      ended_at: z.iso.datetime().nullable(),
    }),
  ),
});
export type ContactDetails = z.infer<typeof contactDetailsSchema>;

/** `POST /contacts/{id}/callback` */
export const callbackRequestSchema = z.strictObject({ at: instantSchema }).meta({ example: { at: '2036-03-03T18:00:00-08:00' } });
export type CallbackRequest = z.infer<typeof callbackRequestSchema>;
