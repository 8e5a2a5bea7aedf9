import { decideOverlap, meaningOf, overlapText } from '../policies/barge-in.js';
import { isEchoOf } from '../policies/echo.js';
import type { Ms } from '../ports.js';
import { heardText } from '../text/heard-text.js';
import { cancelReply } from './cancel.js';
import type { TurnSign } from './effects.js';
import type { HeardPosition } from './events.js';
import { contentOf, liveReply, setReply, wasHeard } from './reply.js';
import type { Reply, Resumption, TurnState, Unsaid } from './state.js';
import type { Step } from './step.js';

/** An echo comes back within this time after what it repeats. */
const ECHO_REACH_MS: Ms = 3_000;
/** Voice that sets in so soon after the end of a line may still be its echo. */
const ECHO_TAIL_MS: Ms = 300;
/** Fewer words than this may be a person who repeats what they heard: they are kept. */
const MIN_ECHO_UNITS = 3;

/** What was audible of the agent within the last seconds. */
export function spokenLately({ agent, lastSpoken }: TurnState, at: Ms): string {
  const last = lastSpoken !== null && lastSpoken.endedAt >= at - ECHO_REACH_MS ? lastSpoken.text : '';
  if (agent.name === 'idle') return last;
  const audible = agent.reply.phrases.filter(
    ({ status, endedAt }) => status === 'playing' || (status === 'played' && endedAt >= at - ECHO_REACH_MS),
  );
  return `${last} ${contentOf(audible, (phrase) => phrase.text)}`.trim();
}

/** Is this transcript our own voice? Only where it set in while we were heard: a person may say our words before us. */
export function isOwnVoice({ state, at }: Step, text: string, minUnits = MIN_ECHO_UNITS): boolean {
  const { user, utterance, lastSpoken } = state;
  const onsetAt = 'onsetAt' in user ? user.onsetAt : (utterance?.onsetAt ?? at);
  const after = lastSpoken !== null && onsetAt >= lastSpoken.startedAt && onsetAt <= lastSpoken.endedAt + ECHO_TAIL_MS;
  return (after || onsetAt >= speakingSince(state)) && isEchoOf(text, spokenLately(state, at), minUnits);
}

/** When the line that is being said was first heard; Infinity where none is. */
export function speakingSince({ agent }: TurnState): Ms {
  if (agent.name !== 'speaking' && agent.name !== 'paused') return Infinity;
  return agent.reply.phrases.find(({ status }) => status === 'playing' || status === 'played')?.startedAt ?? Infinity;
}

/** Weighs the person's voice against the agent's, after each event. */
export function settleOverlap(step: Step): void {
  const { agent } = step.state;
  if (agent.name === 'idle' || agent.name === 'drafting') return;
  const { reply } = agent;
  switch (decideOverlap(step.state, spokenLately(step.state, step.at), step.at)) {
    case 'none':
      return;
    case 'hold':
      setReply(step, { ...reply, hold: { name: 'held', at: step.at } });
      return step.emit({ type: 'hold-out', gen: reply.gen });
    case 'pause':
      setReply(step, { ...reply, overlapped: true, hold: { name: 'paused', at: step.at, position: null } });
      return step.emit({ type: 'pause-out', gen: reply.gen });
    case 'release':
    case 'resume':
      return goOn(step, reply);
    case 'cut':
      return cut(step, reply);
  }
}

/** It was nothing. The words, if there are any, stay for the turn that follows. */
function goOn(step: Step, reply: Reply): void {
  const stopped = reply.hold?.name === 'paused';
  setReply(step, { ...reply, hold: null });
  step.emit({ type: stopped ? 'resume-out' : 'release-out', gen: reply.gen });
  step.emit({ type: 'noticed', sign: { type: 'false-pause', stopped, cause: causeOf(step) } });
}

function causeOf({ state, at }: Step): Extract<TurnSign, { type: 'false-pause' }>['cause'] {
  const meaning = meaningOf(state, spokenLately(state, at));
  return meaning === 'backchannel' || meaning === 'echo' ? meaning : 'noise';
}

/** The person has the floor. What was left unsaid is kept until a word of theirs is understood: it may have been no speech at all. */
function cut(step: Step, reply: Reply): void {
  const { hearing, background } = step.state;
  const wordless = overlapText(step.state) === '';
  step.emit({ type: 'interrupted', gen: reply.gen });
  cancelReply(step);
  if (wordless) step.set({ unsaid: unsaidOf(reply, positionOf(reply)) });
  else step.set({ hearing: { ...hearing, overlapFrom: 0 }, unsaid: null });
  if (background === null) return;
  const { windowMs } = step.state.rules;
  const voice = { onsetAt: step.at, stretchAt: step.at, soundAt: step.at, voicedMs: windowMs, quietMs: 0, lastVoicedAt: step.at };
  step.set({ background: null, user: { name: 'speaking', ...voice } });
}

const positionOf = ({ hold }: Reply): HeardPosition | null => (hold?.name === 'paused' ? hold.position : null);

/**
 * What is left of a reply that somebody broke off, who may have wanted nothing. Without a position nothing of it was on its way: what came before was
 * heard to its end. Whoever makes a sound is there, and needs no apology twice.
 */
export function unsaidOf(reply: Reply, position: HeardPosition | null): Unsaid | null {
  if (reply.kind === 'prompt' || (reply.kind === 'apology' && wasHeard(reply))) return null;
  const texts = reply.phrases.flatMap(({ text, source, status }, index) => {
    if (source === 'filler') return [];
    if (position === null) return status === 'played' || status === 'failed' ? [] : [text];
    if (index < position.phrase) return [];
    return [index === position.phrase ? text.slice(heardText(text, position.share).length).trim() : text];
  });
  return { texts: texts.filter((text) => text !== ''), complete: reply.model.name === 'done' || reply.model.name === 'none' };
}

/** What the person has not heard of the answer that they waited for when the line was lost. */
export const owedOnResume = ({ unanswered, rest = [] }: Resumption): Unsaid => ({ texts: [...rest], complete: !unanswered });

/** The playout has stopped: what it had begun beyond that point was not heard after all. */
export function onPlayoutPaused(step: Step, position: HeardPosition): void {
  const reply = liveReply(step, position.gen);
  if (reply?.hold?.name !== 'paused') return;
  const phrases = reply.phrases.map((phrase, index) =>
    index > position.phrase && phrase.status === 'playing' ? { ...phrase, status: 'asked' as const } : phrase,
  );
  setReply(step, { ...reply, phrases, hold: { ...reply.hold, position } });
}
