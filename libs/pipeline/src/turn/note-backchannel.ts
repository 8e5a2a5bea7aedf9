import { textOf } from '../policies/endpointing.js';
import type { Ms } from '../ports.js';
import { humanMessage, reportTurn, turnStart } from './record.js';
import { NOTHING_HEARD, type Turn } from './state.js';
import type { Step } from './step.js';

const OWED = { answered: false, owed: true } as const;

type NotedTimes = Pick<Turn, 'onsetAt' | 'lastVoicedAt' | 'noticedAt' | 'waitEndedAt'>;

/**
 * Signs of listening are part of the conversation: they are told and kept like a turn, but nobody is asked for an answer to them. What is owed for words
 * before them still is.
 */
export function noteBackchannel(step: Step, times: NotedTimes, saidUntil: Ms): void {
  note(step, times, saidUntil, step.state.turn?.owed ? OWED : { answered: true, noted: true });
}

/** Words that stand before what we are about to say: kept at once, and answered after it, unless the person says something else then. */
export function noteOwed(step: Step, times: NotedTimes): void {
  note(step, times, times.lastVoicedAt, OWED);
}

function note(step: Step, times: NotedTimes, saidUntil: Ms, as: Pick<Turn, 'answered' | 'noted' | 'owed'>): void {
  reportTurn(step);
  const { hearing, history, messageId } = step.state;
  const content = textOf(hearing);
  const id = messageId + 1;
  step.set({
    history: [...history, { role: 'user', content }],
    turn: { ...times, ...turnStart(hearing), exchange: false, reported: true, ...as, index: history.length, id, committedAt: step.at },
    messageId: id,
    hearing: NOTHING_HEARD,
    utterance: null,
    prompts: 0,
    semantic: null,
  });
  step.emit({ type: 'said', message: humanMessage({ id, onsetAt: Math.min(times.onsetAt, saidUntil), lastVoicedAt: saidUntil }, content) });
}
