import { isBackchannel, voiceOf } from '../policies/backchannel.js';
import { textOf } from '../policies/endpointing.js';
import { isOpening } from '../policies/situation.js';
import { noteBackchannel, noteOwed } from './note-backchannel.js';
import type { Step } from './step.js';

/**
 * Words that were over before the greeting began, over the legal notice above all, stand before it: they are no answer to what it asks. Signs of
 * listening are only noted; to others an answer is owed after the greeting, with which the person may well have said something else.
 */
export function keepEarlyWords(step: Step): void {
  const { agent, user, hearing, rules } = step.state;
  if (agent.name === 'idle' || !isOpening(agent) || (user.name !== 'silent' && user.name !== 'committed')) return;
  const text = textOf(hearing);
  const { startedAt: onsetAt, endedAt: lastVoicedAt } = voiceOf(step.state);
  const begun = agent.reply.phrases.find(({ status }) => status === 'playing' || status === 'played');
  if (text === '' || (begun !== undefined && lastVoicedAt >= begun.startedAt)) return;
  const times = { onsetAt, lastVoicedAt, noticedAt: step.at, waitEndedAt: step.at };
  if (isBackchannel(text, rules.language)) noteBackchannel(step, times, lastVoicedAt);
  else noteOwed(step, times);
}
