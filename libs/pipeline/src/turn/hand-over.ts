import type { Ms } from '../ports.js';
import type { HandOver, TurnState } from './state.js';
import type { Step } from './step.js';

/** From now on nothing cuts us and no silence is asked about: the call ends with the carrier's transfer, or goes on to its end once that has failed. */
export function beginHandOver(step: Step): void {
  step.set({ phase: { name: 'closing', reason: 'handed_over', transfer: { name: 'told' } } });
}

/**
 * Goes on with what another worker had begun. What that one had ordered is not ordered again: the phone of whoever takes over may ring already. The
 * carrier's answer reaches the worker that has the call by then, or the wait for it ends.
 */
export function resumeHandOver(step: Step, begun: HandOver['name']): void {
  step.set({ resumed: null });
  if (begun === 'told') beginHandOver(step);
  else awaitTransfer(step);
}

/** The line before it was heard, or could not be said: the carrier is asked, once. False where nobody is put through. */
export function goOnHandingOver(step: Step): boolean {
  const transfer = transferOf(step.state);
  if (transfer?.name === 'told') {
    awaitTransfer(step);
    step.emit({ type: 'transfer' });
  }
  return transfer !== null;
}

function awaitTransfer(step: Step): void {
  const until = step.at + step.state.rules.transferWaitMs;
  step.set({ phase: { name: 'closing', reason: 'handed_over', transfer: { name: 'asked', until } } });
}

/** Null where nobody is put through. */
export function transferOf({ phase }: Pick<TurnState, 'phase'>): HandOver | null {
  return phase.name === 'closing' ? (phase.transfer ?? null) : null;
}

/** When the carrier's answer is waited for no longer; null where it is not. */
export function transferEndsAt(state: Pick<TurnState, 'phase'>): Ms | null {
  const transfer = transferOf(state);
  return transfer?.name === 'asked' ? transfer.until : null;
}

/** How far it has come, for another worker; of a call that was taken over, how far it had come before. */
export function handOverBegun({ phase, resumed }: Pick<TurnState, 'phase' | 'resumed'>): HandOver['name'] | undefined {
  return resumed?.handOver ?? transferOf({ phase })?.name;
}
