import type { Ms } from '../ports.js';
import type { Phase, Reply, UserState } from '../turn/state.js';
import type { TurnRules } from '../turn/rules.js';

/** Has the person spoken for so long over the agent that it is no cough? */
export function speaksOver(user: UserState, rules: TurnRules): boolean {
  return user.name === 'speaking' && user.voicedMs >= rules.bargeInMs;
}

/** May this voice stop the agent here? The goodbye is always said to its end; the greeting does not yield to the "hello?" at pick-up. */
export function mayInterrupt(phase: Phase, reply: Reply, voiceSince: Ms, rules: TurnRules): boolean {
  if (phase.name === 'closing' || phase.name === 'ended') return false;
  if (reply.kind !== 'greeting') return true;
  const startedAt = reply.phrases[0]?.startedAt ?? Infinity;
  return rules.greetingInterruptible && voiceSince >= startedAt + rules.greetingGraceMs;
}
