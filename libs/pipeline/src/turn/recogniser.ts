import { fillerLine } from '../policies/filler.js';
import { isFailing, outageAt, reopenAt } from '../policies/recognition.js';
import type { Ms } from '../ports.js';
import { giveUp, sayLine } from './lines.js';
import type { Step } from './step.js';
import { keepInterim } from './transcript.js';

/** The recogniser's stream broke: opened again after growing pauses, until that has been in vain for too long. */
export function onSttFailed(step: Step, workedMs: Ms = 0): void {
  keepInterim(step);
  const { stt, rules, phase } = step.state;
  const { failures, since } = outageAt(stt, step.at, workedMs);
  const again = reopenAt({ failures, since, at: step.at }, rules);
  const unheardSince = isFailing(stt, step.at) ? stt.unheardSince : null; // what was said before an outage is none of its own
  step.set({ stt: { ...stt, failures, failingSince: since, reopenAt: again, unheardSince } });
  // what a machine says is not needed, and an apology is no message for it
  if (again === null && phase.name !== 'closing' && phase.name !== 'voicemail') giveUp(step);
}

export function reopenStt(step: Step): void {
  step.set({ stt: { ...step.state.stt, reopenAt: null, openedAt: step.at } });
  step.emit({ type: 'open-stt' });
}

/** The person has spoken, and nobody can understand them for now. */
export function sayUnheardFiller(step: Step): void {
  const { stt, rules } = step.state;
  sayLine(step, 'prompt', fillerLine(rules, stt.fillers));
  const { unheardSince, fillers } = stt; // the wait goes on, unlike after any other line
  step.set({ stt: { ...step.state.stt, unheardSince, fillers: fillers + 1 } });
}
