import { conversationOverridesSchema, conversationSettingsSchema, DEFAULT_CONVERSATION_SETTINGS } from './conversation-settings.js';

describe('conversation settings', () => {
  it('have the defaults of the reference peer where it has the flag', () => {
    expect(DEFAULT_CONVERSATION_SETTINGS).toMatchObject({
      answer_soft_timeout_sec: 4,
      answer_hard_timeout_sec: 15,
      phone_silence_timeout_sec: 20,
      recognition_retry_max: 3,
      recognition_stt_complete_timeout_ms: 100,
      vad_cutoff_timeout_ms: 250,
      vad_silence_timeout_ms: 500,
      vad_threshold: 0.5,
    });
  });

  it('take 0 and false for what they are', () => {
    expect(conversationSettingsSchema.parse({ recognition_retry_max: 0, dtmf_interrupts: false })).toMatchObject({
      recognition_retry_max: 0,
      dtmf_interrupts: false,
    });
  });

  it.each([
    ['a threshold that is no probability', { vad_threshold: 0.05 }],
    ['a soft timeout behind the hard one', { answer_soft_timeout_sec: 20 }],
    ['a sure wait that is longer than the unsure one', { vad_silence_confident_ms: 900 }],
  ])('refuse %s', (_, settings) => {
    expect(conversationSettingsSchema.safeParse(settings).success).toBe(false);
  });

  it('given in part say nothing about the rest', () => {
    expect(conversationOverridesSchema.parse({ vad_silence_timeout_ms: 700 })).toEqual({ vad_silence_timeout_ms: 700 });
  });

  it.each([
    ['vad_threshold', { vad_threshold: 5 }, 'use 0.1 to 1'],
    ['answer_soft_timeout_sec', { answer_soft_timeout_sec: 20 }, 'must be shorter than "answer_hard_timeout_sec"'],
  ])('given in part name what is wrong once, also where it is wrong with a default: %s', (field, given, message) => {
    expect(conversationOverridesSchema.safeParse(given).error?.issues).toMatchObject([{ path: [field], message }]);
  });
});
