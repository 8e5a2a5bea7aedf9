import { z } from 'zod';
import { answeringMachineRulesSchema, type AnsweringMachineRules } from './answering-machine.js';
import { claimSchemaSchema, type ClaimField } from './claim-field.js';
import { CONSENTS } from './campaign-settings.js';
import { instantSchema } from './instant.js';
import { phoneNumberSchema } from './phone-number.js';
import { policiesSchema } from './policy.js';

/** What a call is started with: the reference peer's body (docs/api.md), fully defaulted. */
export interface Initiate {
  bot_company: string;
  bot_name: string;
  task: string;
  agent_phone_number: string;
  claim: ClaimField[];
  lang: Language;
  /** Speech rate of the agent, 0.75–1.25 */
  prosody_rate: number;
  /** Of a call that is asked for by itself; a campaign has it in its settings. */
  answering_machine?: AnsweringMachineRules | undefined;
}

export interface Language {
  default_short_code: string;
  availables: LanguageEntry[];
}

export interface LanguageEntry {
  short_code: string;
  voice: string;
  pronunciations_en: string[];
  custom_voice_endpoint_id?: string | null | undefined;
}

const languageEntrySchema = z.object({
  short_code: z.string().regex(/^[a-z]{2,3}-[A-Z]{2}$/, 'use a code such as en-US'),
  voice: z.string().min(1).max(200),
  pronunciations_en: z.array(z.string().max(100)).max(20).default([]),
  custom_voice_endpoint_id: z.string().max(200).nullish(),
});

export const DEFAULT_LANGUAGE: Language = {
  default_short_code: 'en-US',
  availables: [
    { short_code: 'en-US', voice: 'en-US-ShimmerTurboMultilingualNeural', pronunciations_en: ['English', 'EN', 'United States'] },
  ],
};

export const DEFAULT_TASK =
  'Help the customer, collect the data that the claim asks for, and end the call politely once everything is known.';

/** The body without the callee's number: what a campaign gives to each of its calls. */
export const initiateSchema = z.object({
  bot_company: z.string().min(1).max(200),
  bot_name: z.string().min(1).max(100),
  agent_phone_number: phoneNumberSchema,
  task: z.string().min(1).max(10_000).default(DEFAULT_TASK),
  claim: claimSchemaSchema.default([]),
  lang: z
    .object({ default_short_code: z.string(), availables: z.array(languageEntrySchema).min(1).max(50) })
    .refine((lang) => lang.availables.some((entry) => entry.short_code === lang.default_short_code), {
      path: ['default_short_code'],
      message: 'must be the short_code of one of "availables"',
    })
    .default(DEFAULT_LANGUAGE),
  prosody_rate: z.number().min(0.75).max(1.25).default(1),
});

/** How a call is asked for, besides what it is started with. */
const callOptions = {
  /** Policies that the gate goes by, besides the tenant's own. Left out: the tenant's alone, or `none` where it has none. */
  policy: policiesSchema.optional(),
  /** Ground on which this person may be called, where a policy asks for it. */
  consent: z.enum(CONSENTS).optional(),
  /**
   * Where the person is, as in an import: an ISO 3166-2 code with or without the country of the number, or the name in the USA and China. Some policies need it (`cn`). Left out:
   * what the number says.
   */
  region: z.string().trim().min(1).max(100).optional(),
  /** When the gate refuses now: schedule the call for the first instant at which it may be made, rather than refuse it. */
  schedule_if_refused: z.boolean().default(false),
  /** Not before this instant: a call for later. */
  not_before: instantSchema.optional(),
};

/** `POST /call`: the reference peer's body, and more. Unknown keys are ignored, as the peer does. */
export const callRequestSchema = initiateSchema
  .extend({
    phone_number: phoneNumberSchema,
    answering_machine: answeringMachineRulesSchema
      .optional()
      .describe('`retry_later`, the default, hangs up as `hang_up` does: only a campaign calls again, by its retry rules.'),
    ...callOptions,
  })
  .meta({
    example: {
      ...{ bot_company: 'Contoso', bot_name: 'Amélie', phone_number: '+14155550100', agent_phone_number: '+14155550199' },
      ...{ task: 'Find out when the technician may come.', claim: [{ name: 'visit_at', type: 'datetime' }], policy: 'none' },
    },
  });
export type CallRequest = z.infer<typeof callRequestSchema>;
