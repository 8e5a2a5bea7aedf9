import type { Ms } from '../ports.js';
import type { CallLines } from './conversation-rules.js';
import type { Step } from './step.js';
import { keepInterim } from './transcript.js';

/** How the call is spoken since the person wanted it otherwise; what is left out is as the plan has it. */
export interface SpeechChoice {
  language?: string | undefined;
  /** Speech rate, 0.75–1.25 */
  rate?: number | undefined;
}

/** What a tool has brought about; a language comes with its lines. */
export interface SpeechChange {
  inLanguage?: { language: string; lines: CallLines } | undefined;
  rate?: number | undefined;
}

/** So much of an utterance that runs is heard anew by the recogniser of the new language; more of it would come too late. */
const REHEARD_MS: Ms = 3_000;
/** A voice is noticed a little after it set in. */
const BEFORE_ONSET_MS: Ms = 100;

/** It holds whatever became of the answer that the tool was called in: the person was told, or will be. */
export function changeSpeech(step: Step, { inLanguage, rate }: SpeechChange): void {
  const { rules, speech } = step.state;
  if (rate !== undefined && rate !== speech.rate) {
    step.set({ speech: { ...speech, rate } });
    step.emit({ type: 'change-rate', rate });
  }
  if (inLanguage !== undefined && inLanguage.language !== rules.language) switchLanguage(step, inLanguage);
}

/** The recogniser of before is gone, and with it the transcripts that it still owed. */
function switchLanguage(step: Step, { language, lines }: { language: string; lines: CallLines }): void {
  const rehearFrom = takeBackVoice(step);
  const { rules, speech, turn, stt } = step.state;
  step.set({
    rules: { ...rules, language, lines },
    speech: { ...speech, language },
    turn: turn && { ...turn, awaitsFinal: false },
    stt: { ...stt, reopenAt: null, openedAt: step.at },
  });
  step.emit({ type: 'switch-language', language, rehearFrom });
}

/** What the person says right now is understood anew, from its beginning. What cannot be heard again stays as it was understood. */
function takeBackVoice(step: Step): Ms | null {
  const { user, hearing, background } = step.state;
  if (background !== null || !('onsetAt' in user) || step.at - user.onsetAt > REHEARD_MS) {
    keepInterim(step);
    return null;
  }
  step.set({ hearing: { ...hearing, finals: hearing.finals.slice(0, hearing.overlapFrom), interim: '', interimSince: step.at } });
  return user.onsetAt - BEFORE_ONSET_MS;
}
