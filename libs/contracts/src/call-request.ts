import { z } from 'zod';
import { answeringMachineRulesSchema, type AnsweringMachineRules } from './answering-machine.js';
import { claimSchemaSchema, type ClaimField } from './claim-field.js';
import { CONSENTS } from './campaign-settings.js';
import { conversationOverridesSchema, type ConversationOverrides } from './conversation-settings.js';
import { instantSchema } from './instant.js';
import { languageSchema, type Language } from './language.js';
import { phoneNumberSchema } from './phone-number.js';
import { policiesSchema } from './policy.js';
import { VOICE_STYLES, vocabularySchema, type VocabularyTerm, type VoiceStyle } from './speech.js';

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
  /** Left out by calls that were stored before there was one: `none`. */
  voice_style?: VoiceStyle | undefined;
  /** Words of the trade; left out as above: none. */
  vocabulary?: VocabularyTerm[] | undefined;
  /** Of a call that is asked for by itself; a campaign has it in its settings. */
  answering_machine?: AnsweringMachineRules | undefined;
  /** Of a call that is asked for by itself, over its campaign's where it has one. */
  conversation?: ConversationOverrides | undefined;
}

export const DEFAULT_TASK =
  'Help the customer, collect the data that the claim asks for, and end the call politely once everything is known.';

/** The body without the callee's number: what a campaign gives to each of its calls. */
export const initiateSchema = z.object({
  bot_company: z.string().min(1).max(200),
  bot_name: z.string().min(1).max(100),
  agent_phone_number: phoneNumberSchema,
  task: z.string().min(1).max(10_000).default(DEFAULT_TASK),
  claim: claimSchemaSchema.default([]),
  lang: languageSchema,
  prosody_rate: z.number().min(0.75).max(1.25).default(1),
  voice_style: z.enum(VOICE_STYLES).default('none').describe('Speaking style of the voice, where it has it.'),
  vocabulary: vocabularySchema
    .default([])
    .describe('Words of the trade: `term` is expected by the recogniser; `say`, where given, is how the voice pronounces it.'),
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
    conversation: conversationOverridesSchema
      .optional()
      .describe('Turn taking, timeouts, silences of this call: what differs from the defaults, or from its campaign.'),
    ...callOptions,
  })
  .meta({
    example: {
      ...{ bot_company: 'Contoso', bot_name: 'Amélie', phone_number: '+14155550100', agent_phone_number: '+14155550199' },
      ...{ task: 'Find out when the technician may come.', claim: [{ name: 'visit_at', type: 'datetime' }], policy: 'none' },
    },
  });
export type CallRequest = z.infer<typeof callRequestSchema>;
