import type { Ms } from '../ports.js';
import type { Step } from './step.js';

/** The key that the offer names (lines.callbackOffer). */
const YES_KEY = '1';

/** The campaign lets people be called again, and there are words for it. */
export function mayOffer({ state: { rules } }: Step): boolean {
  return rules.callbackOffer && (rules.lines.callbackOffer ?? '') !== '';
}

/** The lines of a call that cannot go on were said: is a key waited for? Not where nobody heard which one. */
export function awaitOffer(step: Step, heard: boolean): boolean {
  const { phase, rules } = step.state;
  if (phase.name !== 'closing' || phase.offer?.name !== 'told' || !heard) return false;
  step.set({ phase: { ...phase, offer: { name: 'waiting', until: step.at + rules.offerWaitMs } } });
  return true;
}

export function offerEndsAt({ state: { phase } }: Pick<Step, 'state'>): Ms | null {
  return phase.name === 'closing' && phase.offer?.name === 'waiting' ? phase.offer.until : null;
}

/** The person wants to be called again. Answers the line that follows, or null where the key means nothing. */
export function takeOffer(step: Step, key: string): string | null {
  const { phase, rules } = step.state;
  if (phase.name !== 'closing' || phase.offer === undefined || key !== YES_KEY) return null;
  step.set({ phase: { name: 'closing', reason: phase.reason } });
  step.emit({ type: 'callback-asked' });
  return rules.lines.callbackTaken ?? rules.lines.goodbye;
}

/** No key came. */
export function dropOffer(step: Step): string | null {
  const { phase, rules } = step.state;
  if (phase.name !== 'closing' || phase.offer === undefined) return null;
  step.set({ phase: { name: 'closing', reason: phase.reason } });
  return rules.lines.goodbye;
}
