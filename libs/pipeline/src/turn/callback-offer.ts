import { overlapText } from '../policies/barge-in.js';
import { wordListsFor } from '../policies/word-lists.js';
import type { Ms } from '../ports.js';
import { consistsOf } from '../text/units.js';
import { isOwnVoice } from './overlap.js';
import { wasHeardLast } from './reply.js';
import type { Reply, TurnState } from './state.js';
import type { Step } from './step.js';

/** The key that the offer names (lines.callbackOffer). */
export const YES_KEY = '1';
/** A plain yes or no takes no longer. */
const LONGEST_ANSWER_MS: Ms = 2_000;

/** The campaign lets people be called again, and there are words for it. */
export function mayOffer({ state: { rules } }: Step): boolean {
  return rules.callbackOffer && (rules.lines.callbackOffer ?? '') !== '';
}

/** The lines of a call that cannot go on were said: is an answer waited for? Not where nobody heard what to press. */
export function awaitOffer(step: Step, said: Reply): boolean {
  const { phase, rules } = step.state;
  if (phase.name !== 'closing' || phase.offer?.name !== 'told' || !wasHeardLast(said)) return false;
  const since = said.phrases.at(-1)?.startedAt ?? step.at;
  step.set({ phase: { ...phase, offer: { name: 'waiting', since, until: step.at + rules.offerWaitMs } } });
  return true;
}

/** Who speaks when the time is over is still listened to, as long as it may be an answer. */
export function offerEndsAt({ state: { phase, user } }: Pick<Step, 'state'>): Ms | null {
  if (phase.name !== 'closing' || phase.offer?.name !== 'waiting') return null;
  if (user.name === 'trailing') return null; // its end comes by itself
  return user.name === 'speaking' ? Math.max(phase.offer.until, user.onsetAt + LONGEST_ANSWER_MS) : phase.offer.until;
}

/**
 * A plain yes or no to the offer, said since its first word was heard: by an utterance that is over, or a final transcript in silence. Null for all
 * else: that is what the key is for. Our own "yes", come back as an echo, is nobody's.
 */
export function spokenAnswer(step: Step, isOver: boolean): 'yes' | 'no' | null {
  const { user, hearing, utterance, rules } = step.state;
  const since = offerHeardAt(step.state);
  if (since === null || 'onsetAt' in user || (hearing.interim !== '' && !isOver)) return null;
  const text = overlapText(step.state);
  if (text === '' || (utterance?.onsetAt ?? hearing.finalAt) < since || isOwnVoice(step, text, 1)) return null;
  const { yes, no } = wordListsFor(text, rules.language);
  return consistsOf(text, yes) ? 'yes' : consistsOf(text, no) ? 'no' : null;
}

/** When the person began to hear the offer that is open. */
function offerHeardAt({ phase, agent }: TurnState): Ms | null {
  if (phase.name !== 'closing' || phase.offer === undefined) return null;
  if (phase.offer.name === 'waiting') return phase.offer.since;
  const offer = agent.name === 'idle' ? undefined : agent.reply.phrases.at(-1);
  return offer?.status === 'playing' ? offer.startedAt : null;
}

/** The person wants to be called again. Answers the line that follows, or null where nothing is offered. */
export function takeOffer(step: Step): string | null {
  const { phase, rules } = step.state;
  if (phase.name !== 'closing' || phase.offer === undefined) return null;
  step.set({ phase: { name: 'closing', reason: phase.reason } });
  step.emit({ type: 'callback-asked' });
  return rules.lines.callbackTaken ?? rules.lines.goodbye;
}

/** No answer came, or a no. */
export function dropOffer(step: Step): string | null {
  const { phase, rules } = step.state;
  if (phase.name !== 'closing' || phase.offer === undefined) return null;
  step.set({ phase: { name: 'closing', reason: phase.reason } });
  return rules.lines.goodbye;
}
