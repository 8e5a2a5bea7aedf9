import { z } from 'zod';
import { answeringMachineRulesSchema } from './answering-machine.js';
import type { Initiate } from './call-request.js';
import { CLAIM_FIELD_TYPES } from './claim-field.js';
import { conversationOverridesSchema } from './conversation-settings.js';
import { DISPOSITIONS } from './disposition.js';
import type { LatencyLedger } from './latency-ledger.js';
import { VOICE_STYLES } from './speech.js';

export const CALL_STATUSES = ['queued', 'dialing', 'ringing', 'in_progress', 'ended'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

/** What a call was started with, as it is shown. */
export const initiateViewSchema = z.object({
  bot_company: z.string(),
  bot_name: z.string(),
  task: z.string(),
  agent_phone_number: z.string(),
  claim: z.array(
    z.object({
      name: z.string(),
      type: z.enum(CLAIM_FIELD_TYPES),
      description: z.string().nullish(),
      values: z.array(z.string()).optional(),
    }),
  ),
  lang: z.object({
    default_short_code: z.string(),
    availables: z.array(
      z.object({
        short_code: z.string(),
        voice: z.string(),
        pronunciations_en: z.array(z.string()),
        custom_voice_endpoint_id: z.string().nullish(),
      }),
    ),
  }),
  prosody_rate: z.number(),
  voice_style: z.enum(VOICE_STYLES).optional(),
  vocabulary: z.array(z.object({ term: z.string(), say: z.string().optional() })).optional(),
}) satisfies z.ZodType<Initiate>;

/** Of one call: whom, and what was asked for this call alone. */
export const callInitiateViewSchema = initiateViewSchema.extend({
  phone_number: z.string(),
  answering_machine: answeringMachineRulesSchema.optional(),
  conversation: conversationOverridesSchema.optional(),
});

const toolCallViewSchema = z.object({
  tool_id: z.string(),
  function_name: z.string(),
  function_arguments: z.string(),
  content: z.string(),
});
export type ToolCallView = z.infer<typeof toolCallViewSchema>;

const ledgerSchema = z.object({
  replyMs: z.number(),
  vadLagMs: z.number(),
  endpointWaitMs: z.number(),
  sttWaitMs: z.number(),
  llmFirstTokenMs: z.number(),
  firstPhraseMs: z.number(),
  ttsFirstByteMs: z.number(),
  sendMs: z.number(),
}) satisfies z.ZodType<LatencyLedger>;

const messageViewSchema = z.object({
  created_at: z.iso.datetime(),
  action: z.enum(['call', 'hangup', 'sms', 'talk']),
  persona: z.enum(['human', 'assistant']),
  content: z.string(),
  style: z.enum(['none', 'cheerful', 'sad']),
  tool_calls: z.array(toolCallViewSchema),
  /** Where the time of this reply went, milliseconds. */
  ledger: ledgerSchema.optional(),
});
export type MessageView = z.infer<typeof messageViewSchema>;

const reminderSchema = z.object({
  created_at: z.string(),
  title: z.string(),
  description: z.string(),
  due_date_time: z.string(),
  owner: z.string().optional(),
});
export type Reminder = z.infer<typeof reminderSchema>;

export const SATISFACTIONS = ['terrible', 'low', 'partial', 'high', 'unknown'] as const;

const synthesisSchema = z.object({
  short: z.string(),
  long: z.string(),
  satisfaction: z.enum(SATISFACTIONS),
  improvement_suggestions: z.string(),
});
export type Synthesis = z.infer<typeof synthesisSchema>;

export const claimViewSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** The reference peer's call object plus what it lacks: status, outcome, times. Answer of all `/call` routes. */
export const callViewSchema = z.object({
  call_id: z.uuid(),
  created_at: z.iso.datetime(),
  in_progress: z.boolean(),
  initiate: callInitiateViewSchema,
  claim: claimViewSchema,
  /** Share of the claim's fields that hold a value, 0–1; 1 when there are none. */
  claim_completeness: z.number().min(0).max(1),
  messages: z.array(messageViewSchema),
  next: z.object({ action: z.string(), justification: z.string() }).nullable(),
  reminders: z.array(reminderSchema),
  synthesis: synthesisSchema.nullable(),
  status: z.enum(CALL_STATUSES),
  outcome: z.enum(DISPOSITIONS).nullable(),
  /** The carrier's result, where it gave one. */
  result: z.object({ code: z.number().int(), sub_code: z.number().int(), message: z.string() }).nullable(),
  campaign_id: z.uuid().nullable(),
  /** The campaign's contact that was called; ids of contacts are text, for they may be longer than a number holds. */
  contact_id: z.string().nullable(),
  attempt_no: z.number().int(),
  /** Our number that was shown. */
  caller_number: z.string().nullable(),
  /** Why it was let pass: policies with their versions, rules, counts. */
  decision: z.record(z.string(), z.unknown()).nullable(),
  /** What it cost, in the currency of the campaign's budget. */
  cost: z.number(),
  answered_at: z.iso.datetime().nullable(),
  ended_at: z.iso.datetime().nullable(),
  /** From answered to ended; null when the call was not answered or has not ended. */
  duration_ms: z.number().int().nullable(),
});
export type CallView = z.infer<typeof callViewSchema>;
