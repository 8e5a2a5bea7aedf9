import type { Ms } from '../ports.js';
import type { Reply, TurnState } from '../turn/state.js';

/** Where a call is, as far as the rules differ. */
export type Situation = 'legal-notice' | 'greeting' | 'speaking' | 'thinking' | 'listening' | 'collecting' | 'closing' | 'voicemail';

/** What holds there. */
export interface SituationRules {
  /** A voice may stop the agent, and so may a key. */
  voiceCuts: boolean;
  keyCuts: boolean;
  /** What the person says becomes a turn. */
  answers: boolean;
  /** The model may be asked early. */
  speculates: boolean;
}

const BY_SITUATION: Readonly<Record<Situation, SituationRules>> = {
  'legal-notice': { voiceCuts: false, keyCuts: false, answers: false, speculates: false },
  greeting: { voiceCuts: true, keyCuts: true, answers: true, speculates: true },
  speaking: { voiceCuts: true, keyCuts: true, answers: true, speculates: true },
  thinking: { voiceCuts: true, keyCuts: true, answers: true, speculates: true },
  listening: { voiceCuts: true, keyCuts: true, answers: true, speculates: true },
  // half a number is no question: nothing is asked early on it
  collecting: { voiceCuts: true, keyCuts: true, answers: true, speculates: false },
  closing: { voiceCuts: false, keyCuts: false, answers: false, speculates: false },
  voicemail: { voiceCuts: false, keyCuts: false, answers: false, speculates: false },
};

export function situationOf({ phase, agent }: Pick<TurnState, 'phase' | 'agent'>): Situation {
  if (phase.name === 'notice') return 'legal-notice';
  if (phase.name === 'closing' || phase.name === 'ended') return 'closing';
  if (phase.name === 'voicemail') return 'voicemail';
  if (isOpening(agent)) return 'greeting'; // a key that must not cut it changes nothing about that
  if (phase.name === 'collecting') return 'collecting';
  if (agent.name === 'idle' || agent.name === 'drafting') return 'listening';
  return agent.name === 'speaking' || agent.name === 'paused' ? 'speaking' : 'thinking';
}

/** The greeting is said, or about to be. */
export const isOpening = (agent: TurnState['agent']): boolean => agent.name !== 'idle' && agent.reply.kind === 'greeting';

/** The rules of a situation, with what the campaign allows. */
export function rulesOf(state: Pick<TurnState, 'phase' | 'agent' | 'rules'>): SituationRules {
  const situation = situationOf(state);
  const { greetingInterruptible, dtmfBargeIn } = state.rules;
  const allowed = situation !== 'greeting' || greetingInterruptible;
  const fixed = BY_SITUATION[situation];
  return { ...fixed, voiceCuts: fixed.voiceCuts && allowed, keyCuts: fixed.keyCuts && allowed && dtmfBargeIn };
}

/**
 * Voice from before this moment does not stop the reply: a "hello?" at pick-up does not stop the greeting, and on a line with an echo our
 * own first syllables do not stop us.
 */
export function graceEndsAt({ rules, echoes }: Pick<TurnState, 'rules' | 'echoes'>, reply: Reply): Ms {
  const startedAt = reply.phrases[0]?.startedAt ?? Infinity;
  if (reply.kind === 'greeting') return startedAt + rules.greetingGraceMs;
  return echoes > 0 ? startedAt + rules.echoMaskMs : -Infinity;
}
