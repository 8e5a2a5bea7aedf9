import { DEFAULT_CONVERSATION_SETTINGS, type ConversationSettings } from '@carillon/contracts';
import { DEFAULT_RULES, type ConversationRules } from '../turn/conversation-rules.js';
import { rulesOfSettings } from './rules-of-settings.js';

it('settings that nobody changed are the rules that nobody changed', () => {
  expect(DEFAULT_RULES).toMatchObject(rulesOfSettings(DEFAULT_CONVERSATION_SETTINGS));
});

/** Each setting off its default, and the rules that differ from the defaults then: these and no others. */
const CHANGES: { [K in keyof ConversationSettings]: [ConversationSettings[K], Partial<ConversationRules>][] } = {
  answer_filler_timeout_ms: [
    [700, { fillerMs: 700 }],
    [null, { fillerMs: null }],
  ],
  answer_soft_timeout_sec: [[2.5, { softTimeoutMs: 2_500 }]],
  answer_hard_timeout_sec: [[9, { hardTimeoutMs: 9_000 }]],
  answer_hard_timeout_action: [
    ['retry', { hardTimeoutAction: 'retry' }],
    ['hand_over', { hardTimeoutAction: 'hand-over', failureHandOver: true }],
  ],
  failure_hand_over: [[true, { failureHandOver: true }]],
  failure_callback_offer: [[false, { callbackOffer: false }]],
  phone_silence_prompt_sec: [[7, { silencePromptMs: 7_000 }]],
  phone_silence_timeout_sec: [[13, { silenceMs: 13_000 }]],
  recognition_retry_max: [[0, { maxSilencePrompts: 0 }]],
  recognition_stt_complete_timeout_ms: [[130, { sttCompleteMs: 130 }]],
  vad_cutoff_timeout_ms: [[310, { bargeInMs: 310 }]],
  vad_silence_timeout_ms: [[620, { unsureWaitMs: 620 }]],
  vad_silence_confident_ms: [[210, { confidentWaitMs: 210 }]],
  vad_silence_max_ms: [[1_900, { maxWaitMs: 1_900 }]],
  vad_silence_adaptive: [[false, { adaptiveWait: false }]],
  vad_threshold: [
    [0.1, { voiceOn: 0.1, voiceOff: 0.07 }],
    [0.2, { voiceOn: 0.2, voiceOff: 0.14 }],
    [1, { voiceOn: 1, voiceOff: 0.7 }],
  ],
  utterance_max_sec: [[12, { maxUtteranceMs: 12_000 }]],
  greeting_interruptible: [[false, { greetingInterruptible: false }]],
  dtmf_interrupts: [[false, { dtmfBargeIn: false }]],
  dtmf_timeout_ms: [[1_700, { digitWaitMs: 1_700 }]],
  speculation: [
    ['off', { speculation: 'off' }],
    ['voice', { speculation: 'voice' }],
  ],
  speculation_waste_max: [[4, { maxWastedDrafts: 4 }]],
  // no rules of turn taking: create-call-plan.spec
  legal_notice: [['We record.', {}]],
  event_log: [['full', {}]],
};

it('every setting is told apart from all others', () => {
  expect(Object.keys(CHANGES).sort()).toEqual(Object.keys(DEFAULT_CONVERSATION_SETTINGS).sort());
});

it.each(Object.entries(CHANGES).flatMap(([name, changes]) => changes.map(([value, rules]) => [name, value, rules] as const)))(
  '%s: %j changes the rules %j',
  (name, value, rules) => {
    const usual = rulesOfSettings(DEFAULT_CONVERSATION_SETTINGS);
    const changed = rulesOfSettings({ ...DEFAULT_CONVERSATION_SETTINGS, [name]: value });
    expect(roundedOf(changed)).toEqual(roundedOf({ ...usual, ...rules }));
  },
);

const roundedOf = (rules: Partial<ConversationRules>) =>
  Object.fromEntries(
    Object.entries(rules).map(([name, value]) => [name, typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value]),
  );

it.each([
  [{ answer_hard_timeout_action: 'hand_over' as const }, { hardTimeoutAction: 'hand-over', failureHandOver: true }],
  [{ failure_hand_over: true }, { hardTimeoutAction: 'apologise', failureHandOver: true }],
])('%j: somebody takes over', (settings, rules) => {
  expect(rulesOfSettings({ ...DEFAULT_CONVERSATION_SETTINGS, ...settings })).toMatchObject(rules);
});
