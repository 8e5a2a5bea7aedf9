import { rulesOf } from '../policies/situation.js';
import { cancelReply, canTakeBack, takeBackTurn } from './cancel.js';
import { owedOnResume, unsaidOf } from './overlap.js';
import { isFree, wasHeard } from './reply.js';
import type { Step } from './step.js';

/** Ends what is keyed in, as on every phone. */
const END_KEY = '#';
/** Longer than any number that is asked for: what keeps a stuck key from filling memory. */
const MAX_DIGITS = 64;

/** A key: it may stop the agent, and is collected with those that follow. Returns true when that was the last one. */
export function onDtmf(step: Step, digit: string): boolean {
  const { phase } = step.state;
  const allowed = rulesOf(step.state);
  if (phase.name === 'closing' || phase.name === 'voicemail' || (phase.name === 'greeting' && !phase.mediaOpen)) return false;
  if (allowed.keyCuts) stopForKey(step);
  const digits = phase.name === 'collecting' ? phase.digits : '';
  if (phase.name === 'notice') return false;
  const more = digit === END_KEY ? digits : digits + digit;
  step.set({ phase: { name: 'collecting', digits: more.slice(0, MAX_DIGITS), lastAt: step.at } });
  return digit === END_KEY || more.length >= MAX_DIGITS;
}

function stopForKey(step: Step): void {
  const { agent, resumed } = step.state;
  if (isFree(agent) || agent.name === 'idle') return cancelReply(step);
  const joinable = canTakeBack(step);
  if (agent.name === 'speaking' || agent.name === 'paused') step.emit({ type: 'interrupted', gen: agent.reply.gen });
  cancelReply(step);
  if (joinable && canTakeBack(step)) takeBackTurn(step);
  else if (!wasHeard(agent.reply)) step.set({ unsaid: unsaidOf(agent.reply, null) });
  else if (resumed !== null) step.set({ resumed: null, unsaid: owedOnResume(resumed) });
}

/** How the model reads keys. */
export const keyedText = (digits: string): string => `[keyed in: ${digits}]`;
