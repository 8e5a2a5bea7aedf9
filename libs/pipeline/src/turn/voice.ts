import { mayInterrupt, speaksOver } from '../policies/barge-in.js';
import type { Ms } from '../ports.js';
import { cancelReply, canTakeBack, takeBackTurn } from './cancel.js';
import { restingName } from './commit.js';
import { setReply } from './reply.js';
import type { UserState } from './state.js';
import type { Step } from './step.js';

/** One window of the voice detector moves the person's region. */
export function onVoice(step: Step, probability: number, endAt: Ms): void {
  const { user, rules } = step.state;
  const voiced = probability >= (isVoiced(user) ? rules.voiceOff : rules.voiceOn);
  switch (user.name) {
    case 'silent':
    case 'committed':
      return voiced ? onOnset(step, user.name, endAt) : undefined;
    case 'onset':
      return whileOnset(step, user, voiced, endAt);
    case 'speaking':
      return whileSpeaking(step, user, voiced, endAt);
    case 'trailing':
      return whileTrailing(step, user, voiced, endAt);
  }
}

/** A person who speaks is believed to go on at a lower probability than the one it takes to begin. */
function isVoiced(user: UserState): boolean {
  if (user.name === 'trailing') return user.resumedMs > 0;
  return (user.name === 'onset' || user.name === 'speaking') && user.quietMs === 0;
}

function onOnset(step: Step, before: 'silent' | 'committed', endAt: Ms): void {
  const { windowMs } = step.state.rules;
  step.set({ user: { name: 'onset', onsetAt: endAt - windowMs, voicedMs: windowMs, quietMs: 0, lastVoicedAt: endAt, before } });
}

function whileOnset(step: Step, user: Extract<UserState, { name: 'onset' }>, voiced: boolean, endAt: Ms): void {
  const { windowMs, minSpeechMs, pauseMs } = step.state.rules;
  if (!voiced) {
    const quietMs = user.quietMs + windowMs;
    const rest: UserState = { name: restingName(step.state), since: step.at };
    return step.set({ user: quietMs >= pauseMs ? rest : { ...user, quietMs } });
  }
  const voicedMs = user.voicedMs + windowMs;
  if (voicedMs < minSpeechMs) return step.set({ user: { ...user, voicedMs, quietMs: 0, lastVoicedAt: endAt } });
  startSpeaking(step, { onsetAt: user.onsetAt, stretchAt: user.onsetAt, voicedMs, lastVoicedAt: endAt });
}

function whileSpeaking(step: Step, user: Extract<UserState, { name: 'speaking' }>, voiced: boolean, endAt: Ms): void {
  const { windowMs, pauseMs } = step.state.rules;
  if (voiced) {
    step.set({ user: { ...user, voicedMs: user.voicedMs + windowMs, quietMs: 0, lastVoicedAt: endAt } });
    return interruptIfOver(step);
  }
  const quietMs = user.quietMs + windowMs;
  if (quietMs < pauseMs) return step.set({ user: { ...user, quietMs } });
  const { onsetAt, lastVoicedAt } = user;
  step.set({ user: { name: 'trailing', onsetAt, lastVoicedAt, noticedAt: step.at, resumedAt: endAt, resumedMs: 0 } });
}

function whileTrailing(step: Step, user: Extract<UserState, { name: 'trailing' }>, voiced: boolean, endAt: Ms): void {
  const { windowMs, minSpeechMs } = step.state.rules;
  if (!voiced) return user.resumedMs > 0 ? step.set({ user: { ...user, resumedMs: 0 } }) : undefined;
  const resumedMs = user.resumedMs + windowMs;
  const resumedAt = user.resumedMs === 0 ? endAt - windowMs : user.resumedAt;
  if (resumedMs < minSpeechMs) return step.set({ user: { ...user, resumedMs, resumedAt } });
  startSpeaking(step, { onsetAt: user.onsetAt, stretchAt: resumedAt, voicedMs: resumedMs, lastVoicedAt: endAt });
}

/** It is speech. An answer that nobody has heard yet is void, and the turn it was for goes on. */
function startSpeaking(step: Step, voice: { onsetAt: Ms; stretchAt: Ms; voicedMs: Ms; lastVoicedAt: Ms }): void {
  const { agent, phase } = step.state;
  step.set({ user: { name: 'speaking', ...voice, quietMs: 0 } });
  const unheard = agent.name === 'thinking' || agent.name === 'tool-wait';
  if (!unheard || agent.reply.kind === 'greeting' || phase.name === 'closing') return;
  const joinable = canTakeBack(step);
  cancelReply(step);
  if (joinable && canTakeBack(step)) takeBackTurn(step);
}

function interruptIfOver(step: Step): void {
  const { agent, user, phase, rules } = step.state;
  if (agent.name !== 'speaking' || user.name !== 'speaking' || !speaksOver(user, rules)) return;
  if (!agent.reply.overlapped) setReply(step, { ...agent.reply, overlapped: true });
  if (!mayInterrupt(phase, agent.reply, user.stretchAt, rules)) return;
  step.emit({ type: 'interrupted', gen: agent.reply.gen });
  cancelReply(step);
}
