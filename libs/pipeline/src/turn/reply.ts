import { heardText } from '../text/heard-text.js';
import { joinText } from '../text/join-text.js';
import type { ChatMessage } from '../ports.js';
import type { AgentState, GenId, ModelProgress, Phrase, Reply, ReplyKind } from './state.js';
import type { Step } from './step.js';

/** Of a tool that was broken off: the model must find an answer to each of its calls. */
const BROKEN_OFF = 'The person spoke before this was done; nothing is known about its result.';

export function createReply(gen: GenId, kind: ReplyKind, at: number, model: ModelProgress): Reply {
  return {
    gen,
    kind,
    waitingSince: at,
    model,
    rounds: [],
    phrases: [],
    firstTokenAt: null,
    firstPhraseAt: null,
    firstAudioAt: null,
    ledger: null,
    overlapped: false,
    tries: 0,
    hold: null,
    draft: null,
  };
}

/** The reply of the live generation, a draft included, or null when the event belongs to another one. */
export function openReply(step: Step, gen: GenId): Reply | null {
  const { agent } = step.state;
  return agent.name !== 'idle' && agent.reply.gen === gen ? agent.reply : null;
}

/** The same without drafts: nothing of a draft is heard. */
export function liveReply(step: Step, gen: GenId): Reply | null {
  const reply = openReply(step, gen);
  return reply === null || reply.draft !== null ? null : reply;
}

/** Nobody has the floor on our side: the agent says nothing and owes nothing. */
export function isFree(agent: AgentState): boolean {
  return agent.name === 'idle' || agent.name === 'drafting';
}

/** What the model has written of a reply so far. */
export function writtenCharacters({ phrases, model }: Reply): number {
  const written = phrases.filter(({ source }) => source === 'model').reduce((sum, { text }) => sum + text.length, 0);
  return written + (model.name === 'streaming' ? model.buffer.length : 0);
}

export function setReply(step: Step, reply: Reply): void {
  step.set({ agent: agentOf(reply) });
}

/** The agent's region follows from its reply: it speaks from the first audible phrase on, and keeps the floor between two of them. */
function agentOf(reply: Reply): AgentState {
  if (reply.draft !== null) return { name: 'drafting', reply };
  if (reply.hold?.name === 'paused') return { name: 'paused', reply };
  if (hasFloor(reply)) return { name: 'speaking', reply };
  return { name: reply.model.name === 'tools' || reply.model.name === 'held' ? 'tool-wait' : 'thinking', reply };
}

function hasFloor(reply: Reply): boolean {
  const begun = reply.phrases.some((phrase) => phrase.status === 'playing' || phrase.status === 'played');
  return begun && reply.phrases.some((phrase) => phrase.status === 'playing' || phrase.status === 'asked');
}

/** Nothing more will be heard of it. */
export function isComplete(reply: Reply): boolean {
  const modelIsDone = reply.model.name === 'done' || reply.model.name === 'none';
  return modelIsDone && reply.phrases.every((phrase) => phrase.status === 'played' || phrase.status === 'failed');
}

/** Was anything heard but fillers? */
export function wasHeard(reply: Reply): boolean {
  return reply.phrases.some((phrase) => phrase.source !== 'filler' && (phrase.status === 'playing' || phrase.status === 'played'));
}

export function wasHeardWhole({ phrases }: Reply): boolean {
  return phrases.length > 0 && phrases.every(({ status, share }) => status === 'played' && share === 1);
}

/** Its last phrase, to the end. */
export function wasHeardLast({ phrases }: Reply): boolean {
  const last = phrases.at(-1);
  return last?.status === 'played' && last.share === 1;
}

export function changePhrase(reply: Reply, index: number, change: Partial<Phrase>): Reply {
  return { ...reply, phrases: reply.phrases.map((phrase, at) => (at === index ? { ...phrase, ...change } : phrase)) };
}

/** The part of a phrase that the person heard. */
export function heardOf(phrase: Phrase): string {
  return phrase.status === 'playing' || phrase.status === 'played' ? heardText(phrase.text, phrase.share) : '';
}

export const wholeOf = (phrase: Phrase): string => phrase.text;

/** A reply as the model reads it: each round's words, its tool calls and their results. Fillers are not its words and are left out. */
export function replyMessages(reply: Reply, textOf: (phrase: Phrase) => string): ChatMessage[] {
  if (reply.rounds.length === 0) return withoutEmpty([{ role: 'assistant', content: contentOf(reply.phrases, textOf) }]);
  return reply.rounds.flatMap((round, index) => {
    const content = contentOf(
      reply.phrases.filter((phrase) => phrase.round === index && phrase.source !== 'filler'),
      textOf,
    );
    if (round.calls.length === 0) return withoutEmpty([{ role: 'assistant', content }]);
    const results = round.calls.map((call, at): ChatMessage => ({
      role: 'tool',
      toolCallId: call.id,
      content: round.results[at] ?? BROKEN_OFF,
    }));
    return [{ role: 'assistant', content, toolCalls: round.calls } satisfies ChatMessage, ...results];
  });
}

export function contentOf(phrases: readonly Phrase[], textOf: (phrase: Phrase) => string): string {
  return phrases.map(textOf).reduce(joinText, '');
}

function withoutEmpty(messages: ChatMessage[]): ChatMessage[] {
  return messages.filter((message) => message.content !== '');
}
