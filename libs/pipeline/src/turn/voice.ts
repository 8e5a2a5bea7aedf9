import { isUnderWay, speaksOver } from '../policies/barge-in.js';
import { ECHO_AT } from '../policies/echo.js';
import { textOf } from '../policies/endpointing.js';
import { voiceSetInAt } from '../policies/onset.js';
import { learnPause } from '../policies/pauses.js';
import { rulesOf } from '../policies/situation.js';
import type { Ms } from '../ports.js';
import { cancelReply, canTakeBack, takeBackTurn } from './cancel.js';
import { restingName } from './commit.js';
import type { TurnEvent } from './events.js';
import { speakingSince, unsaidOf } from './overlap.js';
import { setReply } from './reply.js';
import type { UserState } from './state.js';
import type { Step } from './step.js';
import { beginVoice, countVoice } from './unheard.js';

/** One window of the voice detector moves the person's region. */
export function onVoice(step: Step, event: Extract<TurnEvent, { type: 'voice' }>): void {
  const { probability, windowEndAt: endAt, soundAt = null, echo = 0 } = event;
  const { user, rules, background } = step.state;
  const voiced = echo < ECHO_AT && probability >= (isVoiced(user) || background !== null ? rules.voiceOff : rules.voiceOn);
  if (background !== null) return whileBackground(step, background.quietMs, voiced);
  switch (user.name) {
    case 'silent':
    case 'committed':
      return voiced ? onOnset(step, user.name, endAt, soundAt) : undefined;
    case 'onset':
      return whileOnset(step, user, voiced, endAt);
    case 'speaking':
      return whileSpeaking(step, user, voiced, endAt);
    case 'trailing':
      return whileTrailing(step, user, voiced, endAt, soundAt);
  }
}

/** A voice that never pauses is heard by its words alone, until it pauses. */
function whileBackground(step: Step, quietMs: Ms, voiced: boolean): void {
  const { windowMs, pauseMs } = step.state.rules;
  if (voiced) return quietMs > 0 ? step.set({ background: { quietMs: 0 } }) : undefined;
  step.set({ background: quietMs + windowMs >= pauseMs ? null : { quietMs: quietMs + windowMs } });
}

/** A person who speaks is believed to go on at a lower probability than the one it takes to begin. */
function isVoiced(user: UserState): boolean {
  if (user.name === 'trailing') return user.resumedMs > 0;
  return (user.name === 'onset' || user.name === 'speaking') && user.quietMs === 0;
}

function onOnset(step: Step, before: 'silent' | 'committed', endAt: Ms, soundAt: Ms | null): void {
  const { rules, hearing } = step.state;
  const { windowMs } = rules;
  if (hearing.own || hearing.overlapFrom !== hearing.finals.length) {
    step.set({ hearing: { ...hearing, overlapFrom: hearing.finals.length, own: false } });
  }
  forgetWordless(step);
  const onsetAt = endAt - windowMs;
  const voiceAt = voiceSetInAt(onsetAt, soundAt);
  step.set({ user: { name: 'onset', onsetAt, soundAt: voiceAt, voicedMs: windowMs, quietMs: 0, lastVoicedAt: endAt, before } });
}

/** A sound from before our line of which nothing is understood by now was a cough: words that come from now on are of the sound that sets in. */
function forgetWordless(step: Step): void {
  const { utterance, hearing } = step.state;
  const lineAt = speakingSince(step.state);
  if (utterance === null || textOf(hearing) !== '' || lineAt === Infinity) return;
  if (utterance.lastVoicedAt < lineAt) step.set({ utterance: null });
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
  beginVoice(step);
  const { onsetAt, soundAt } = user;
  startSpeaking(step, { onsetAt, stretchAt: onsetAt, soundAt, voicedMs, lastVoicedAt: endAt });
}

function whileSpeaking(step: Step, user: Extract<UserState, { name: 'speaking' }>, voiced: boolean, endAt: Ms): void {
  const { windowMs, pauseMs } = step.state.rules;
  if (voiced) {
    step.set({ user: { ...user, voicedMs: user.voicedMs + windowMs, quietMs: 0, lastVoicedAt: endAt } });
    countVoice(step, windowMs);
    return markOverlapped(step);
  }
  const quietMs = user.quietMs + windowMs;
  if (quietMs < pauseMs) return step.set({ user: { ...user, quietMs } });
  const { onsetAt, lastVoicedAt } = user;
  step.set({ user: { name: 'trailing', onsetAt, lastVoicedAt, noticedAt: step.at, resumedAt: endAt, soundAt: endAt, resumedMs: 0 } });
}

function whileTrailing(step: Step, user: Extract<UserState, { name: 'trailing' }>, voiced: boolean, endAt: Ms, sound: Ms | null): void {
  const { windowMs, minSpeechMs } = step.state.rules;
  if (!voiced) return user.resumedMs > 0 ? step.set({ user: { ...user, resumedMs: 0 } }) : undefined;
  const resumedMs = user.resumedMs + windowMs;
  const resumedAt = user.resumedMs === 0 ? endAt - windowMs : user.resumedAt;
  const soundAt = user.resumedMs === 0 ? Math.max(user.lastVoicedAt, voiceSetInAt(resumedAt, sound)) : user.soundAt;
  if (resumedMs < minSpeechMs) return step.set({ user: { ...user, resumedMs, resumedAt, soundAt } });
  learn(step, resumedAt - user.lastVoicedAt);
  startSpeaking(step, { onsetAt: user.onsetAt, stretchAt: resumedAt, soundAt, voicedMs: resumedMs, lastVoicedAt: endAt });
}

/** It is speech. An answer that nobody has heard yet is void, and the turn it was for goes on. One that is under way is only cut as a spoken line is. */
function startSpeaking(step: Step, voice: { onsetAt: Ms; stretchAt: Ms; soundAt: Ms; voicedMs: Ms; lastVoicedAt: Ms }): void {
  const { agent, turn } = step.state;
  step.set({ user: { name: 'speaking', ...voice, quietMs: 0 } });
  countVoice(step, voice.voicedMs);
  if (agent.name === 'drafting') return cancelReply(step);
  const unheard = agent.name === 'thinking' || agent.name === 'tool-wait';
  if (!unheard || isUnderWay(agent.reply) || agent.reply.kind === 'greeting' || !rulesOf(step.state).voiceCuts) return;
  const joinable = canTakeBack(step);
  cancelReply(step);
  if (!joinable || !canTakeBack(step)) return step.set({ unsaid: unsaidOf(agent.reply, null) });
  if (turn !== null) learn(step, voice.stretchAt - turn.lastVoicedAt);
  takeBackTurn(step);
}

/** The gap was no end of a turn. One that is longer than any wait was no pause in it either. */
function learn(step: Step, pauseMs: Ms): void {
  const { pauses, rules } = step.state;
  if (pauseMs <= rules.maxWaitMs) step.set({ pauses: learnPause(pauses, pauseMs) });
}

function markOverlapped(step: Step): void {
  const { agent, user, rules } = step.state;
  if ((agent.name !== 'speaking' && agent.name !== 'paused') || agent.reply.overlapped || !speaksOver(user, rules)) return;
  setReply(step, { ...agent.reply, overlapped: true });
}
