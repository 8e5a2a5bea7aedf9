import type { ChatMessage, Ms } from '../ports.js';
import type { SaidMessage } from './effects.js';
import { contentOf, heardOf, replyMessages } from './reply.js';
import type { HeardPosition } from './events.js';
import type { Hearing, Reply, Turn, TurnState } from './state.js';
import type { Step } from './step.js';

/** Reports what the person said, once it will hardly change any more. */
export function reportTurn(step: Step): void {
  const { turn } = step.state;
  if (turn === null || turn.reported) return;
  step.set({ turn: { ...turn, reported: true } });
  step.emit({ type: 'said', message: humanMessage(turn, turnText(step, turn)) });
}

/** Of words that a turn is made of: where they end with an interim transcript, the final one mends them. */
export function turnStart(hearing: Hearing): Pick<Turn, 'settled' | 'interim' | 'awaitsFinal' | 'reported' | 'answered' | 'fillers'> {
  const { finals: settled, interim } = hearing;
  return { settled, interim, awaitsFinal: interim !== '', reported: false, answered: false, fillers: 0 };
}

export function turnText(step: Step, turn: Turn): string {
  return step.state.history[turn.index]?.content ?? '';
}

export function humanMessage(turn: Pick<Turn, 'id' | 'onsetAt' | 'lastVoicedAt'>, content: string): SaidMessage {
  const times = { startedAt: turn.onsetAt, endedAt: turn.lastVoicedAt };
  return { id: turn.id, persona: 'human', content, ...times, toolCalls: [], ledger: null, interrupted: false };
}

/** Of the words that no turn has taken: they need not have a voice. */
export function timesOfVoice({ hearing, user }: Pick<TurnState, 'hearing' | 'user'>): Pick<Turn, 'onsetAt' | 'lastVoicedAt'> {
  const heardAt = Math.max(hearing.finalAt, hearing.interimSince);
  return 'onsetAt' in user ? user : { onsetAt: heardAt, lastVoicedAt: heardAt };
}

/** Writes a reply that is over into the history, as far as it was heard, and reports it. */
export function recordReply(step: Step, reply: Reply, interrupted: boolean): void {
  const messages = replyMessages(reply, heardOf);
  if (messages.length === 0 && contentOf(reply.phrases, heardOf) === '') return;
  reportTurn(step);
  const id = step.state.messageId + 1;
  step.set({ history: [...step.state.history, ...messages], messageId: id });
  const { startedAt, endedAt } = timesOf(reply, step.at);
  step.emit({ type: 'said', message: replyMessage(reply, { id, startedAt, endedAt: interrupted ? step.at : endedAt, interrupted }) });
}

/** When its words began and ended; `at` where there were none. */
export function timesOf({ phrases }: Reply, at: Ms): { startedAt: Ms; endedAt: Ms } {
  const spoken = phrases.filter((phrase) => heardOf(phrase) !== '');
  return { startedAt: spoken[0]?.startedAt ?? at, endedAt: spoken.length === 0 ? at : Math.max(...spoken.map(({ endedAt }) => endedAt)) };
}

export function replyMessage(
  { phrases, rounds, ledger }: Reply,
  { id, startedAt, endedAt, interrupted }: Pick<SaidMessage, 'id' | 'startedAt' | 'endedAt' | 'interrupted'>,
): SaidMessage {
  const content = contentOf(phrases, heardOf);
  const toolCalls = rounds.flatMap((round) => round.calls.map((call, at) => ({ ...call, content: round.results[at] ?? null })));
  return { id, persona: 'assistant', content, startedAt, endedAt, toolCalls, ledger, interrupted };
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
