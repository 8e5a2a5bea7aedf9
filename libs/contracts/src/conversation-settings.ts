import { z } from 'zod';
import { optionalFields } from './optional-fields.js';

/**
 * How the agent takes turns, per campaign and per call; what is left out has its default. Where the reference peer has the same flag, name,
 * unit and default are the peer's. `libs/pipeline` turns it into its rules; docs/conversation.md says what each one does.
 */
export interface ConversationSettings {
  /** Silence while the model thinks before the first filler, null for none; and before the second line ("soft timeout"). */
  answer_filler_timeout_ms: number | null;
  answer_soft_timeout_sec: number;
  /** In all, fillers and second tries included; then an apology, and what follows from it. */
  answer_hard_timeout_sec: number;
  answer_hard_timeout_action: 'apologise' | 'retry' | 'hand_over';
  /** Where a call cannot go on because nothing works any more: the person is put through to `agent_phone_number`. `hand_over` above includes it. */
  failure_hand_over: boolean;
  /** The same where nobody is to take over, or does: the person may press 1 to be called again. */
  failure_callback_offer: boolean;
  /** Silence before the first "are you there?", and before each further one and the goodbye. */
  phone_silence_prompt_sec: number;
  phone_silence_timeout_sec: number;
  /** How often that is asked. */
  recognition_retry_max: number;
  /** Wait for a transcript that still changes, once the person is taken to be done. */
  recognition_stt_complete_timeout_ms: number;
  /** Voice that stops the sound of the agent. */
  vad_cutoff_timeout_ms: number;
  /** Silence that ends a turn where nobody can tell whether the person is done. */
  vad_silence_timeout_ms: number;
  /** The same where they surely are, and where more must follow. */
  vad_silence_confident_ms: number;
  vad_silence_max_ms: number;
  /** Learn the silence that ends a turn from the person's own pauses. */
  vad_silence_adaptive: boolean;
  /** Probability from which on sound is voice. */
  vad_threshold: number;
  /** Voice without a pause ends a turn after this. */
  utterance_max_sec: number;
  /** May voice, and may keys, stop the agent? The legal notice and the goodbye are never stopped. */
  greeting_interruptible: boolean;
  dtmf_interrupts: boolean;
  /** How long the next key is waited for. */
  dtmf_timeout_ms: number;
  /** Said before the greeting, whole. */
  legal_notice: string | null;
  /** Ask the model before the turn is over; with `voice`, synthesise early as well. Costs requests that come to nothing, this many per call at most. */
  speculation: 'off' | 'model' | 'voice';
  speculation_waste_max: number;
  /** Keep a log of the call that can be replayed: without what was said, or with it. */
  event_log: 'off' | 'redacted' | 'full';
}

const ms = (min: number, max: number) => z.number().int('use whole milliseconds').min(min).max(max);
const seconds = (max: number) => z.number().min(0.5).max(max);

/** The fields without the checks between them: `conversationSettingsSchema` is the whole. */
const fields = {
  answer_filler_timeout_ms: ms(300, 60_000).nullable().default(1_200),
  answer_soft_timeout_sec: seconds(60).default(4),
  answer_hard_timeout_sec: seconds(120).default(15),
  answer_hard_timeout_action: z.enum(['apologise', 'retry', 'hand_over']).default('apologise'),
  failure_hand_over: z.boolean().default(false),
  failure_callback_offer: z.boolean().default(true),
  phone_silence_prompt_sec: seconds(120).default(10),
  phone_silence_timeout_sec: seconds(120).default(20),
  recognition_retry_max: z.number().int('use a whole number').min(0).max(20).default(3),
  recognition_stt_complete_timeout_ms: ms(0, 5_000).default(100),
  vad_cutoff_timeout_ms: ms(100, 5_000).default(250),
  vad_silence_timeout_ms: ms(200, 5_000).default(500),
  vad_silence_confident_ms: ms(100, 5_000).default(180),
  vad_silence_max_ms: ms(200, 10_000).default(2_500),
  vad_silence_adaptive: z.boolean().default(true),
  vad_threshold: z.number().min(0.1, 'use 0.1 to 1').max(1, 'use 0.1 to 1').default(0.5),
  utterance_max_sec: z.number().min(5).max(300).default(30),
  greeting_interruptible: z.boolean().default(true),
  dtmf_interrupts: z.boolean().default(true),
  dtmf_timeout_ms: ms(500, 30_000).default(3_000),
  legal_notice: z.string().min(1, 'use null for none').max(1_000).nullable().default(null),
  speculation: z.enum(['off', 'model', 'voice']).default('model'),
  speculation_waste_max: z.number().int('use a whole number').min(0).max(1_000).default(20),
  event_log: z.enum(['off', 'redacted', 'full']).default('off'),
};

/** Values that only make sense together are checked together. */
export const conversationSettingsSchema = z
  .object(fields)
  .refine(({ answer_soft_timeout_sec: soft, answer_hard_timeout_sec: hard }) => soft < hard, {
    path: ['answer_soft_timeout_sec'],
    message: 'must be shorter than "answer_hard_timeout_sec"',
  })
  .refine(
    ({ vad_silence_confident_ms: sure, vad_silence_timeout_ms: unsure, vad_silence_max_ms: max }) => sure <= unsure && unsure <= max,
    {
      path: ['vad_silence_timeout_ms'],
      message: 'must lie between "vad_silence_confident_ms" and "vad_silence_max_ms"',
    },
  ) satisfies z.ZodType<ConversationSettings>;

/** What a campaign or a call says differently, checked as it is with the defaults. A call's own values win over its campaign's; together they go through the whole schema. */
export const conversationOverridesSchema = z.object(optionalFields(fields)).superRefine((given, context) => {
  // what is wrong with a field alone has been said already
  for (const { code, path, message } of conversationSettingsSchema.safeParse(given).error?.issues ?? [])
    if (code === 'custom') context.addIssue({ code, path, message });
});
export type ConversationOverrides = z.infer<typeof conversationOverridesSchema>;

export const DEFAULT_CONVERSATION_SETTINGS: ConversationSettings = conversationSettingsSchema.parse({});
