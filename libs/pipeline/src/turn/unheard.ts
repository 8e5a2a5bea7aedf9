import { isBlamed, isDeaf, isFailing, isLongVoice } from '../policies/recognition.js';
import type { Ms } from '../ports.js';
import { NO_UNHEARD, type PastUtterance } from './state.js';
import type { Step } from './step.js';

/** A voice is noticed a little after it set in. */
const BEFORE_ONSET_MS: Ms = 100;

/** An utterance sets in. */
export function beginVoice(step: Step): void {
  step.set({ stt: { ...step.state.stt, voicedMs: 0, spoke: false } });
}

/** Voice of a person who is believed to speak. */
export function countVoice(step: Step, addedMs: Ms): void {
  const { stt } = step.state;
  if (stt.spoke) return;
  const voicedMs = stt.voicedMs + addedMs;
  step.set({ stt: { ...stt, voicedMs } });
  if (!isLongVoice(voicedMs) || !mayBeDeaf(step, step.at - voicedMs)) return;
  step.set({ stt: { ...stt, voicedMs: 0, unheard: stt.unheard + 1 } });
  replaceIfDeaf(step, step.at - voicedMs);
}

/** The recogniser has said something, be it that it was nothing: it works. */
export function hearAgain(step: Step): void {
  const { stt } = step.state;
  if (stt.reopenAt !== null) return;
  step.set({ stt: { ...stt, ...NO_UNHEARD, spoke: true, failures: 0, failingSince: null } });
}

/** An utterance is over, and its transcript has had its time. */
export function noticeUnheard(step: Step, { onsetAt, lastVoicedAt }: PastUtterance): void {
  const { stt, rules } = step.state;
  if (stt.spoke || !isWanted(step)) return;
  if (stt.voicedMs >= rules.unheardVoiceMs && mayBeDeaf(step, lastVoicedAt)) {
    step.set({ stt: { ...stt, voicedMs: 0, unheard: stt.unheard + 1 } });
    replaceIfDeaf(step, onsetAt - BEFORE_ONSET_MS);
  }
  const unheardSince = stt.voicedMs >= rules.bargeInMs ? lastVoicedAt : stt.unheardSince;
  // a stream that has had its time works: nobody waits for it, and a filler for what was said before would come out of the blue
  step.set({ stt: { ...step.state.stt, unheardSince: isFailing(step.state.stt, step.at) ? unheardSince : null } });
}

/** Something else is said to the person, or answered: nobody waits to be understood any more. */
export function forgetUnheard(step: Step): void {
  const { stt } = step.state;
  if (stt.unheardSince !== null || stt.fillers > 0) step.set({ stt: { ...stt, unheardSince: null, fillers: 0 } });
}

/** The stream was there when that was said, and still is. */
function mayBeDeaf(step: Step, saidAt: Ms): boolean {
  const { reopenAt, openedAt } = step.state.stt;
  return isWanted(step) && reopenAt === null && (openedAt === null || openedAt <= saidAt);
}

function replaceIfDeaf(step: Step, rehearFrom: Ms): void {
  const { stt } = step.state;
  if (!isDeaf(stt)) return;
  step.set({ stt: { ...stt, unheard: 0, replaced: stt.replaced + 1, openedAt: step.at } });
  step.emit({ type: 'replace-stt', rehearFrom, isBlamed: isBlamed(stt) });
  step.emit({ type: 'noticed', sign: { type: 'deaf-recogniser' } });
}

/** Nobody needs to be understood by whom we hang up on, nor a machine. */
function isWanted({ state: { phase } }: Step): boolean {
  return phase.name !== 'closing' && phase.name !== 'voicemail' && phase.name !== 'ended';
}
