import { textOf } from '../policies/endpointing.js';
import type { Ms } from '../ports.js';
import { humanMessage, reportTurn } from './record.js';
import { NOTHING_HEARD, type Turn } from './state.js';
import type { Step } from './step.js';

/** Signs of listening are part of the conversation: they are told and kept like a turn, but nobody is asked for an answer to them. */
export function noteBackchannel(
  step: Step,
  times: Pick<Turn, 'onsetAt' | 'lastVoicedAt' | 'noticedAt' | 'waitEndedAt'>,
  saidUntil: Ms,
): void {
  reportTurn(step);
  const { hearing, history, messageId } = step.state;
  const content = textOf(hearing);
  const id = messageId + 1;
  const noted = {
    settled: content,
    interim: '',
    awaitsFinal: false,
    exchange: false,
    reported: true,
    answered: true,
    fillers: 0,
    noted: true,
  };
  step.set({
    history: [...history, { role: 'user', content }],
    turn: { ...times, ...noted, index: history.length, id, committedAt: step.at },
    messageId: id,
    hearing: NOTHING_HEARD,
    utterance: null,
    prompts: 0,
    semantic: null,
  });
  step.emit({ type: 'said', message: humanMessage({ id, onsetAt: Math.min(times.onsetAt, saidUntil), lastVoicedAt: saidUntil }, content) });
}
