import { z } from 'zod';
import { CONTACT_STATES } from './contact-view.js';
import { reasonViewSchema } from './refusal.js';

/** `GET /contacts/{id}/why` */
export const whyViewSchema = z.object({
  contact_id: z.string(),
  state: z.enum(CONTACT_STATES),
  /** It may be called now; when there is a free slot for it, it will be. */
  allowed: z.boolean(),
  reasons: z.array(reasonViewSchema),
  /** The first instant at which nothing would stand against it any more, as far as one can tell now. */
  next_allowed_at: z.iso.datetime().nullable(),
  /** What was checked. */
  policies: z.array(z.object({ name: z.string(), version: z.string() })),
  /** All of it in plain words. */
  sentences: z.array(z.string()),
});
export type WhyView = z.infer<typeof whyViewSchema>;

/** Query of `GET /campaigns/{id}/forecast`: what is not given is measured, or assumed. */
export const forecastQuerySchema = z.object({
  slots: z.coerce.number().int().min(1).max(100_000).optional(),
  answer_rate: z.coerce.number().min(0).max(1).optional(),
  ring_ms: z.coerce.number().int().min(0).max(120_000).optional(),
  talk_ms: z.coerce.number().int().min(1_000).max(7_200_000).optional(),
});
export type ForecastQuery = z.infer<typeof forecastQuerySchema>;

/** What holds a campaign back. `slots`: the fleet; `max_concurrent`: campaign, tenant or account; `retry_delay`: whoever is left is not due yet. */
export const FORECAST_LIMITS = [
  ...(['slots', 'max_concurrent', 'rate', 'country', 'caller_numbers'] as const),
  ...(['windows', 'daily_cap', 'budget', 'retry_delay'] as const),
] as const;
export type ForecastLimit = (typeof FORECAST_LIMITS)[number];

/** Why there is no end in sight. `horizon`: it takes longer than is looked ahead. */
export const UNFINISHED_REASONS = [
  ...(['slots', 'max_concurrent', 'rate', 'caller_numbers'] as const),
  ...(['daily_cap', 'windows', 'budget', 'campaign_ends', 'horizon'] as const),
] as const;
export type UnfinishedReason = (typeof UNFINISHED_REASONS)[number];

const count = z.number().int();

/** `GET /campaigns/{id}/forecast` */
export const forecastViewSchema = z.object({
  /** When the first phone rings; null when none ever does. */
  starts_at: z.iso.datetime().nullable(),
  /** When the last of the contacts that may be called is dialed; null together with `unfinished`. */
  finishes_at: z.iso.datetime().nullable(),
  unfinished: z.object({ reason: z.enum(UNFINISHED_REASONS), contacts: count }).nullable(),
  expected_calls: count,
  expected_conversations: count,
  /** In the budget's currency; null without a budget. */
  expected_cost: z.number().nullable(),
  /** Contacts that will not be called as things are, by reason. */
  blocked: z.array(z.object({ reason: z.string(), contacts: count })),
  /** Hour by hour, at most 14 days. */
  timeline: z.array(z.object({ hour: z.string(), calls: z.number(), waiting: z.number(), limited_by: z.enum(FORECAST_LIMITS).nullable() })),
  assumptions: z.object({
    /** Calls at once: what the fleet has room for, or what campaign, tenant or account allow, whichever is less. */
    slots: count,
    answer_rate: z.number(),
    ring_ms: count,
    talk_ms: count,
    /** Of the answered calls, those in which a person speaks with us. */
    conversation_share: z.number(),
    /** From how many calls of the last days the rates were measured; 0: they are given, or guessed. */
    measured_calls: count,
  }),
});
export type ForecastView = z.infer<typeof forecastViewSchema>;
