import type { ChatMessage } from '../ports.js';
import type { SaidMessage } from './effects.js';
import { contentOf, heardOf, replyMessages } from './reply.js';
import type { HeardPosition } from './events.js';
import type { Reply, Turn } from './state.js';
import type { Step } from './step.js';

/** Reports what the person said, once it will hardly change any more. */
export function reportTurn(step: Step): void {
  const { turn } = step.state;
  if (turn === null || turn.reported) return;
  step.set({ turn: { ...turn, reported: true } });
  step.emit({ type: 'said', message: humanMessage(turn, turnText(step, turn)) });
}

export function turnText(step: Step, turn: Turn): string {
  return step.state.history[turn.index]?.content ?? '';
}

export function humanMessage(turn: Pick<Turn, 'id' | 'onsetAt' | 'lastVoicedAt'>, content: string): SaidMessage {
  const times = { startedAt: turn.onsetAt, endedAt: turn.lastVoicedAt };
  return { id: turn.id, persona: 'human', content, ...times, toolCalls: [], ledger: null, interrupted: false };
}

/** Writes a reply that is over into the history, as far as it was heard, and reports it. */
export function recordReply(step: Step, reply: Reply, interrupted: boolean): void {
  const messages = replyMessages(reply, heardOf);
  const spoken = reply.phrases.filter((phrase) => heardOf(phrase) !== '');
  if (messages.length === 0 && spoken.length === 0) return;
  reportTurn(step);
  const id = step.state.messageId + 1;
  step.set({ history: [...step.state.history, ...messages], messageId: id });
  const startedAt = spoken[0]?.startedAt ?? step.at;
  const endedAt = interrupted || spoken.length === 0 ? step.at : Math.max(...spoken.map((phrase) => phrase.endedAt));
  const content = contentOf(reply.phrases, heardOf);
  const toolCalls = reply.rounds.flatMap((round) => round.calls.map((call, at) => ({ ...call, content: round.results[at] ?? null })));
  step.emit({
    type: 'said',
    message: { id, persona: 'assistant', content, startedAt, endedAt, toolCalls, ledger: reply.ledger, interrupted },
  });
}

/** A reply with its phrases set to what was heard when it was cut off. */
export function cutReplyAt(reply: Reply, position: Pick<HeardPosition, 'phrase' | 'share'> | null): Reply {
  const phrases = reply.phrases.map((phrase, index) => {
    if (phrase.status !== 'playing') return phrase;
    if (position === null || index > position.phrase) return { ...phrase, status: 'failed' as const };
    return index < position.phrase ? phrase : { ...phrase, share: Math.min(phrase.share, position.share) };
  });
  return { ...reply, phrases };
}

/** Corrects a message that is in the history already. */
export function reviseMessage(step: Step, turn: Turn, content: string): void {
  const current = step.state.history[turn.index];
  if (current === undefined || current.content === content) return;
  const message: ChatMessage = { role: 'user', content };
  step.set({ history: step.state.history.with(turn.index, message) });
  if (turn.reported) step.emit({ type: 'revised', id: turn.id, content });
}
