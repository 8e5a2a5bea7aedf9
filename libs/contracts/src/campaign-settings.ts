import { z } from 'zod';
import { answeringMachineRulesSchema, type AnsweringMachineRules } from './answering-machine.js';
import { conversationOverridesSchema, type ConversationOverrides } from './conversation-settings.js';
import { DISPOSITIONS, type Disposition } from './disposition.js';
import { instantSchema } from './instant.js';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When the phone may ring, in the contact's own zone. `to` is the first minute that is shut; "24:00" is the end of the day. */
export interface DialingWindow {
  days: Weekday[];
  from: string;
  to: string;
}

/** What another call could not mend: a number that does not exist, a fault of ours, a call that we took back. Never called again, whatever the settings. */
export const NEVER_RETRIED = [
  'invalid_number',
  'configuration_error',
  'cancelled',
  'blacklisted',
  'opted_out',
  'expired',
] as const satisfies Disposition[];
export type RetriableDisposition = Exclude<Disposition, (typeof NEVER_RETRIED)[number]>;
export const RETRIABLE_DISPOSITIONS = DISPOSITIONS.filter(
  (each): each is RetriableDisposition => !NEVER_RETRIED.some((never) => never === each),
);

/** How many further calls a disposition is worth, and after how long each; the last delay repeats. `attempts: 0` means never. */
export interface RetryRule {
  attempts: number;
  delays_minutes: number[];
}

export interface RetrySettings {
  /** Calls to one contact in all. Only a callback that the person asked for may go one beyond. */
  max_attempts: number;
  /** A disposition that is not named here has the engine's own rule (libs/campaigns/src/retry). */
  rules: Partial<Record<RetriableDisposition, RetryRule>>;
  /** Try again in another part of the day: morning, afternoon, evening. */
  spread_day_parts: boolean;
  /** Who has spoken with us is not called again, unless they asked for it. */
  stop_after_conversation: boolean;
}

/** What a call is expected to cost, for the budget stop: in the budget's currency, per call dialed and per minute answered. */
export interface CampaignBudget {
  amount: number;
  currency: string;
  cost_per_call: number;
  cost_per_minute: number;
}

export const CONSENTS = ['express', 'express_written', 'contract', 'legitimate_interest'] as const;
export type Consent = (typeof CONSENTS)[number];

/** How a campaign is run: the part of `POST /campaigns` that may change while it runs. */
export interface CampaignSettings {
  /** Null: only what the policies allow. Windows narrow a policy's, never widen them. */
  windows: DialingWindow[] | null;
  /** Days on which nobody is called, as dates in the contact's zone. */
  holidays: string[];
  retry: RetrySettings;
  /** `overlap` dials more calls while others ring, as long as P(more answers than free slots) ≤ epsilon. */
  pacing: { mode: 'progressive' | 'overlap'; epsilon: number };
  /** Our numbers that the campaign may show, in E.164. Null: each that the tenant has. */
  caller_numbers: string[] | null;
  calls_per_second: number | null;
  daily_cap: number | null;
  /** Counted over all campaigns of the tenant, for they are one person's calls. */
  per_person: { max_per_day: number | null; max_per_week: number | null };
  /** Share of the slots against other campaigns. */
  weight: number;
  budget: CampaignBudget | null;
  /** What the operator attests for every contact that brings no consent of its own. */
  consent: Consent | null;
  /** What the calls are for: some rules ask less of calls that serve what the person has bought or asked for. */
  purpose: 'marketing' | 'service';
  /** Turn taking, timeouts, silences: what differs from the defaults (conversation-settings.ts). */
  conversation: ConversationOverrides;
  answering_machine: AnsweringMachineRules;
  starts_at: string | null;
  ends_at: string | null;
}

const count = (max: number) => z.number().int('use a whole number').min(1, 'must be at least 1; use null for no limit').max(max);

const windowSchema = z
  .object({
    days: z.array(z.enum(WEEKDAYS, 'use mon, tue, wed, thu, fri, sat, sun')).min(1, 'name at least one day'),
    from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'use HH:MM, such as 09:00'),
    to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'use HH:MM, such as 18:00; 24:00 is the end of the day'),
  })
  .refine(({ from, to }) => from.padStart(5, '0') < to.padStart(5, '0'), {
    path: ['to'],
    message: 'must be after "from"; write a window over midnight as two',
  });

const A_MONTH_IN_MINUTES = 43_200;
const retryRuleSchema = z
  .object({
    attempts: z.number().int('use a whole number').min(0).max(10),
    delays_minutes: z.array(z.number().min(1, 'wait at least a minute').max(A_MONTH_IN_MINUTES)).max(10).default([]),
  })
  .refine(({ attempts, delays_minutes }) => attempts === 0 || delays_minutes.length > 0, {
    path: ['delays_minutes'],
    message: 'say after how many minutes to call again, such as [120, 1440]',
  });

const TALKED = ['completed', 'callee_hung_up', 'transferred'] as const;
const retrySchema = z
  .object({
    max_attempts: z.number().int('use a whole number').min(1).max(20).default(3),
    rules: z
      .partialRecord(z.enum(RETRIABLE_DISPOSITIONS), retryRuleSchema, {
        // widened: the declared codes of this schema leave out the one that it raises for an unknown key
        error: ({ code }: { code: string }) =>
          code === 'unrecognized_keys' ? `only these can be tried again: ${RETRIABLE_DISPOSITIONS.join(', ')}` : undefined,
      })
      .default({}),
    spread_day_parts: z.boolean().default(true),
    stop_after_conversation: z.boolean().default(true),
  })
  .refine(({ rules, stop_after_conversation }) => !stop_after_conversation || TALKED.every((each) => !rules[each]?.attempts), {
    path: ['rules'],
    message: `a rule for ${TALKED.join(', ')} needs "stop_after_conversation": false`,
  });

const currencies = new Set(Intl.supportedValuesOf('currency'));
const budgetSchema = z
  .object({
    amount: z.number().positive('must be more than 0; use null for no budget'),
    currency: z.string().refine((code) => currencies.has(code), 'use an ISO 4217 code such as EUR'),
    cost_per_call: z.number().min(0).default(0),
    cost_per_minute: z.number().min(0).default(0),
  })
  .refine((budget) => budget.cost_per_call + budget.cost_per_minute > 0, {
    path: ['cost_per_minute'],
    message: 'a budget needs a cost: give cost_per_call, cost_per_minute or both',
  });

/** The fields, for a schema that has more of them; it must add `endsAfterStart` itself, since a check on the whole is lost by `extend`. */
export const campaignSettingsFields = {
  windows: z.array(windowSchema).min(1, 'name a window, or use null for none of your own').max(50).nullable().default(null),
  holidays: z.array(z.iso.date('use a date such as 2026-12-25')).max(400).default([]),
  retry: retrySchema.prefault({}),
  pacing: z
    .object({ mode: z.enum(['progressive', 'overlap']).default('progressive'), epsilon: z.number().min(0.001).max(0.1).default(0.01) })
    .prefault({}),
  caller_numbers: z
    .array(z.string().regex(/^\+[1-9]\d{6,14}$/, 'write numbers in E.164, such as +14155550100'))
    .min(1, 'name a number, or use null for all of them')
    .max(1_000)
    .nullable()
    .default(null),
  calls_per_second: z.number().min(0.01).max(1_000).nullable().default(null),
  daily_cap: count(10_000_000).nullable().default(null),
  per_person: z.object({ max_per_day: count(50).nullable().default(null), max_per_week: count(100).nullable().default(null) }).prefault({}),
  weight: z.number().min(1).max(100).default(1),
  budget: budgetSchema.nullable().default(null),
  consent: z.enum(CONSENTS).nullable().default(null),
  purpose: z.enum(['marketing', 'service']).default('marketing'),
  conversation: conversationOverridesSchema.default({}),
  answering_machine: answeringMachineRulesSchema.prefault({}),
  starts_at: instantSchema.nullable().default(null),
  ends_at: instantSchema.nullable().default(null),
};

/** For `.refine(endsAfterStart, ENDS_AFTER_START)`. */
export const endsAfterStart = ({ starts_at, ends_at }: Pick<CampaignSettings, 'starts_at' | 'ends_at'>): boolean =>
  starts_at === null || ends_at === null || Date.parse(starts_at) < Date.parse(ends_at);
export const ENDS_AFTER_START = { path: ['ends_at'], message: 'must be after "starts_at"' };

export const campaignSettingsSchema = z
  .object(campaignSettingsFields)
  .refine(endsAfterStart, ENDS_AFTER_START) satisfies z.ZodType<CampaignSettings>;
export const DEFAULT_CAMPAIGN_SETTINGS: CampaignSettings = campaignSettingsSchema.parse({});
