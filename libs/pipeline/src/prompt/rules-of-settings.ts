import type { ConversationSettings } from '@carillon/contracts';
import type { ConversationRules } from '../turn/conversation-rules.js';

const SECOND = 1_000;
/**
 * Hysteresis of the voice detector: a person who speaks is believed to go on at a lower probability than the one it takes to begin. A share of it,
 * since no detector ever says zero: whatever the threshold, silence lies below.
 */
const OFF_OF_ON = 0.7;

/** The settings of a campaign and call as the numbers of turn taking. */
export function rulesOfSettings(settings: ConversationSettings): Partial<ConversationRules> {
  return { ...answering(settings), ...listening(settings), ...interrupting(settings) };
}

function answering(settings: ConversationSettings): Partial<ConversationRules> {
  return {
    fillerMs: settings.answer_filler_timeout_ms,
    softTimeoutMs: settings.answer_soft_timeout_sec * SECOND,
    hardTimeoutMs: settings.answer_hard_timeout_sec * SECOND,
    hardTimeoutAction: settings.answer_hard_timeout_action === 'hand_over' ? 'hand-over' : settings.answer_hard_timeout_action,
    silencePromptMs: settings.phone_silence_prompt_sec * SECOND,
    silenceMs: settings.phone_silence_timeout_sec * SECOND,
    maxSilencePrompts: settings.recognition_retry_max,
    // who wants a person for a model that stalls wants one for a model that is gone
    failureHandOver: settings.failure_hand_over || settings.answer_hard_timeout_action === 'hand_over',
    callbackOffer: settings.failure_callback_offer,
    speculation: settings.speculation,
    maxWastedDrafts: settings.speculation_waste_max,
  };
}

function listening(settings: ConversationSettings): Partial<ConversationRules> {
  return {
    sttCompleteMs: settings.recognition_stt_complete_timeout_ms,
    unsureWaitMs: settings.vad_silence_timeout_ms,
    confidentWaitMs: settings.vad_silence_confident_ms,
    maxWaitMs: settings.vad_silence_max_ms,
    adaptiveWait: settings.vad_silence_adaptive,
    voiceOn: settings.vad_threshold,
    voiceOff: settings.vad_threshold * OFF_OF_ON,
    maxUtteranceMs: settings.utterance_max_sec * SECOND,
  };
}

function interrupting(settings: ConversationSettings): Partial<ConversationRules> {
  return {
    bargeInMs: settings.vad_cutoff_timeout_ms,
    greetingInterruptible: settings.greeting_interruptible,
    dtmfBargeIn: settings.dtmf_interrupts,
    digitWaitMs: settings.dtmf_timeout_ms,
  };
}
