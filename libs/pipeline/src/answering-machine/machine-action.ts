import type { AnsweringMachineRules } from '@carillon/contracts';
import type { Ms } from '../ports.js';
import type { AnswerState } from './answering-machine-detector.js';
import { quietSince, standingBeep, wordlessAt } from './heard-answer.js';

/** What to do about who picked up. */
export type AnswerAction =
  /** A person, or nobody knows: the call goes its way. */
  | { do: 'go_on' }
  /** `no_turn`: it was to get a message and gave no chance to leave one. */
  | { do: 'hang_up'; because: 'machine' | 'no_turn' }
  /** Stop speaking and wait for the beep; ask again at `until` at the latest. */
  | { do: 'keep_silent'; until: Ms }
  /** Say it now, from its beginning even if it was begun before; hang up after its last word. */
  | { do: 'leave_message'; message: string; after: 'beep' | 'silence' }
  /** It is being said. */
  | { do: 'keep_speaking' };

/** Where no beep comes, a machine that is silent for so long records. Longer than the pause between a greeting and its beep. */
const MACHINE_SILENCE_MS = 2_000;
/** A machine that neither beeps nor pauses for so long, counted from the verdict, takes no message (Vapi waits 30 s as well). */
const MAX_WAIT_MS = 30_000;

/** `messageStartedAt`: when our message began to be heard, on the clock of the facts; null before. Asked after each fact, and at `until`. */
export function machineAction(state: AnswerState, rules: AnsweringMachineRules, messageStartedAt: Ms | null = null): AnswerAction {
  const { heard, verdict } = state;
  if (verdict.kind !== 'machine' || rules.on_machine === 'ignore') return { do: 'go_on' };
  const { message } = rules;
  // whether the person is called again is a matter of the campaign's retry rules
  if (rules.on_machine !== 'leave_message' || message === null) return { do: 'hang_up', because: 'machine' };
  const leave = (after: 'beep' | 'silence') => ({ do: 'leave_message', message, after }) as const;
  const beep = heard.beep;
  if (messageStartedAt !== null) return beep !== null && beep.endedAt > messageStartedAt ? leave('beep') : { do: 'keep_speaking' };
  if (standingBeep(heard) !== null) return leave('beep');
  const silentFrom = heard.agent.speaking ? Infinity : Math.max(quietSince(heard) ?? Infinity, heard.agent.lastEndedAt ?? 0);
  if (heard.now - silentFrom >= MACHINE_SILENCE_MS) return leave('silence');
  const giveUpAt = verdict.decidedAt + MAX_WAIT_MS;
  if (heard.now >= giveUpAt) return { do: 'hang_up', because: 'no_turn' };
  return {
    do: 'keep_silent',
    until: Math.min(silentFrom + MACHINE_SILENCE_MS, giveUpAt, ...wordlessAt(heard).filter((at) => at > heard.now)),
  };
}
