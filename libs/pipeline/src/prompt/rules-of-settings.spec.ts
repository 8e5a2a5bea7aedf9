import { DEFAULT_CONVERSATION_SETTINGS } from '@carillon/contracts';
import { DEFAULT_RULES } from '../turn/conversation-rules.js';
import { rulesOfSettings } from './rules-of-settings.js';

it('settings that nobody changed are the rules that nobody changed', () => {
  expect(DEFAULT_RULES).toMatchObject(rulesOfSettings(DEFAULT_CONVERSATION_SETTINGS));
});

it('a setting is true to the value it states', () => {
  const settings = { ...DEFAULT_CONVERSATION_SETTINGS, answer_soft_timeout_sec: 2.5, vad_threshold: 0.8, recognition_retry_max: 0 };
  expect(rulesOfSettings(settings)).toMatchObject({ softTimeoutMs: 2_500, voiceOn: 0.8, voiceOff: 0.65, maxSilencePrompts: 0 });
});
