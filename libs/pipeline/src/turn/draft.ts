import { isSignOfListening } from '../policies/backchannel.js';
import { draftableAt, endpointAt, textOf } from '../policies/endpointing.js';
import { rulesOf } from '../policies/situation.js';
import type { Ms } from '../ports.js';
import { sameWords } from '../text/same-words.js';
import { cancelReply } from './cancel.js';
import { createReply, isComplete, setReply, writtenCharacters } from './reply.js';
import type { Reply, TurnState } from './state.js';
import type { Step } from './step.js';

/** When the model is asked although the turn is not over; null where that is not allowed, has cost enough, or would gain nothing. */
export function draftDueAt(state: TurnState): Ms | null {
  const { rules, agent, cut, speculation } = state;
  if (rules.speculation === 'off' || agent.name !== 'idle' || cut !== null || !rulesOf(state).speculates) return null;
  if (speculation.drafts >= rules.maxDraftsPerTurn || speculation.wasted >= rules.maxWastedDrafts) return null;
  if (isSignOfListening(state)) return null; // no answer will follow
  const at = draftableAt(state);
  const endAt = endpointAt(state);
  return at === null || (endAt !== null && endAt <= at) ? null : at;
}

/** Asks for an answer to what the person has said so far. Nothing of it is heard, and no tool of it runs, before the turn is committed. */
export function startDraft(step: Step): void {
  const { hearing, history, rules, speculation } = step.state;
  const text = textOf(hearing);
  const gen = step.state.gen + 1;
  const request = step.state.request + 1;
  const model = { name: 'streaming' as const, request, buffer: '', calls: [] };
  step.set({ gen, request, speculation: { ...speculation, drafts: speculation.drafts + 1 } });
  setReply(step, {
    ...createReply(gen, 'answer', step.at, model),
    rounds: [{ calls: [], results: [] }],
    waitingSince: null,
    tries: 1,
    draft: text,
  });
  if (rules.speculation === 'voice') step.emit({ type: 'hold-out', gen });
  step.emit({ type: 'start-llm', gen, request, messages: [...history, { role: 'user', content: text }], withTools: true, early: true });
}

/** A draft lives as long as the person is silent and has said nothing else. */
export function dropStaleDraft(step: Step): void {
  const { agent, user, hearing } = step.state;
  if (agent.name !== 'drafting') return;
  if (user.name !== 'trailing' || !sameWords(agent.reply.draft ?? '', textOf(hearing))) cancelReply(step);
}

/** The turn is committed: the draft is its answer, if it answers the same words. One of which nothing can be heard any more is none. */
export function adoptDraft(step: Step, text: string): boolean {
  const { agent, rules } = step.state;
  if (agent.name !== 'drafting' || !sameWords(agent.reply.draft ?? '', text) || isComplete(agent.reply)) return false;
  const { reply } = agent;
  const phrases = reply.phrases.map((phrase) => (phrase.status === 'drafted' ? { ...phrase, status: 'asked' as const } : phrase));
  setReply(step, { ...reply, draft: null, waitingSince: step.at, phrases });
  step.emit({ type: 'noticed', sign: { type: 'speculation', outcome: 'hit', characters: writtenCharacters(reply) } });
  if (rules.speculation === 'voice') step.emit({ type: 'release-out', gen: reply.gen });
  speakDrafted(step, reply);
  return true;
}

function speakDrafted(step: Step, { gen, phrases }: Reply): void {
  phrases.forEach(({ status, text }, phrase) => {
    if (status === 'drafted') step.emit({ type: 'speak', gen, phrase, text });
  });
}
