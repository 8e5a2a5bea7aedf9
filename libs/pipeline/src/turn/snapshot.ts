import type { ChatMessage, Ms } from '../ports.js';
import { isSignOfListening } from '../policies/backchannel.js';
import { textOf } from '../policies/endpointing.js';
import { isOpening } from '../policies/situation.js';
import type { PauseStats } from '../policies/pauses.js';
import type { ConversationRules } from './conversation-rules.js';
import type { SaidMessage } from './effects.js';
import { toolsRan } from './cancel.js';
import { humanMessage, replyMessage, timesOf, timesOfVoice } from './record.js';
import { heardOf, isFree, replyMessages } from './reply.js';
import { handOverBegun } from './hand-over.js';
import { lastLinesOf } from './last-lines.js';
import type { SpeechChoice } from './speech.js';
import { createTurnState, type HandOver, type LastLines, type Phrase, type Reply, type Resumption, type TurnState } from './state.js';

/** Raised when an older snapshot can no longer be read. */
export const SNAPSHOT_VERSION = 1;

/** What the person has not heard yet. */
export interface Owed {
  /** Of how the call begins: the legal notice and all after it, the greeting, or nothing. */
  owes: 'notice' | 'greeting' | null;
  /** The person spoke last and heard no answer, or the beginning of one that the model had not finished. */
  unanswered: boolean;
  /** Of an answer that the model had finished: what was not heard to its end, by phrases. Left out by older versions. */
  rest?: readonly string[] | undefined;
  /** Somebody is to take over: the person was told so, or the carrier was asked already. Then nothing else is owed. */
  handOver?: HandOver['name'] | undefined;
  /** The call was being ended: nothing but its last lines is owed. Left out by older versions, as the next. */
  last?: LastLines | undefined;
  /** A machine had answered: its turn is waited for once more. */
  machine?: boolean | undefined;
}

/**
 * What another worker needs to go on with a call: plain data, without points in time, since each process has its own clock. Exchanges are not in it:
 * each session counts its own.
 */
export interface CallSnapshot extends Owed {
  version: number;
  /** How long the call has lasted, without the time in which nobody had its line: its longest duration goes on. Left out by older versions. */
  elapsedMs?: Ms | undefined;
  /** What was said and heard, what was not finished included. */
  history: ChatMessage[];
  agentClosed: boolean;
  failures: number;
  echoes: number;
  pauses: PauseStats;
  /** In which language, and how fast, the call goes on. Left out by older versions. */
  speech?: SpeechChoice | undefined;
}

/** Takes a call as it stands at `at`: a reply that is being said counts as far as its phrases were heard, half an utterance as far as it was understood. */
export function snapshotOf(state: TurnState, at: Ms): CallSnapshot {
  const { agentClosed, failures, echoes, pauses, speech } = state;
  const kept = { agentClosed, failures, echoes, pauses, speech };
  return { version: SNAPSHOT_VERSION, elapsedMs: at - state.startedAt, history: withUnfinished(state), ...owedOf(state), ...kept };
}

/** What is still owed; known as long as the call has not ended. */
export function owedOf(state: TurnState): Owed {
  const machine = state.machine === null ? undefined : true;
  return { owes: openingOwed(state), ...answerOwed(state), handOver: handOverBegun(state), last: lastLinesOf(state), machine };
}

function openingOwed({ phase, resumed, agent }: TurnState): Owed['owes'] {
  if (resumed !== null) return resumed.greeted ? null : 'greeting';
  if (phase.name === 'notice') return 'notice';
  if (isOpening(agent)) return 'greeting';
  if (phase.name !== 'greeting') return null;
  return phase.mediaOpen ? 'greeting' : 'notice';
}

/** Whose words are not answered gets an answer to them; what was left of the one before is forgotten then, as when they interrupt. */
function answerOwed(state: TurnState): Pick<Owed, 'unanswered' | 'rest'> {
  const { history, hearing, resumed, unsaid, turn } = state;
  if ((textOf(hearing) !== '' && !isSignOfListening(state)) || turn?.owed) return { unanswered: true, rest: [] };
  if (resumed !== null) return { unanswered: resumed.unanswered, rest: resumed.rest ?? [] };
  const reply = replyOf(state);
  const left = reply === null ? unsaid : unheardOf(reply);
  if (left === null) return { unanswered: history.at(-1)?.role === 'user' && turn?.noted !== true, rest: [] };
  return left.complete ? { unanswered: false, rest: left.texts } : { unanswered: true, rest: [] };
}

/** A phrase that is being said counts as not heard: it is said again from its beginning. Null where nobody waits for the reply. */
function unheardOf({ kind, phrases, model }: Reply): { texts: string[]; complete: boolean } | null {
  if (kind !== 'answer' && kind !== 'rest') return null;
  const unheard = phrases.filter(({ source, status }) => source !== 'filler' && status !== 'played' && status !== 'failed');
  return { texts: unheard.map(({ text }) => text), complete: model.name === 'done' || model.name === 'none' };
}

function withUnfinished(state: TurnState): ChatMessage[] {
  const reply = replyOf(state);
  const heard = textOf(state.hearing);
  return [
    ...state.history,
    ...(reply === null ? [] : replyMessages(reply, playedOf)),
    ...(heard === '' ? [] : [{ role: 'user' as const, content: heard }]),
  ];
}

/**
 * What stands in a snapshot's history and was not reported: the last turn, as long as it may change, the reply that is being said, and words
 * that no turn has taken. Each with the id under which it will be reported, so that nothing is written twice if that still happens.
 */
export function unreportedOf(state: TurnState): SaidMessage[] {
  const { turn, history, hearing, messageId } = state;
  const reply = replyOf(state);
  const happened = reply !== null && (toolsRan(reply) || reply.phrases.some(({ status }) => status === 'played'));
  const human = turn === null || turn.reported ? [] : [humanMessage(turn, history[turn.index]?.content ?? '')];
  const agent = happened ? [heardMessage(reply, messageId + 1)] : [];
  const content = textOf(hearing);
  if (content === '') return [...human, ...agent];
  const id = messageId + (reply === null ? 1 : 2); // a reply is reported before the words that were said over it
  return [...human, ...agent, humanMessage({ id, ...timesOfVoice(state) }, content)];
}

function heardMessage(reply: Reply, id: number): SaidMessage {
  const played = { ...reply, phrases: reply.phrases.filter(({ status }) => status === 'played') };
  const times = timesOf(played, reply.waitingSince ?? 0); // of a reply without words: it waits since the turn
  return replyMessage(played, { id, ...times, interrupted: false });
}

/** What the agent is saying, or about to say. */
function replyOf({ agent }: TurnState): Reply | null {
  return agent.name === 'idle' || isFree(agent) ? null : agent.reply;
}

const playedOf = (phrase: Phrase): string => (phrase.status === 'played' ? heardOf(phrase) : '');

/**
 * The state in which a call goes on: the person hears that the line is back, and an answer that is still owed; how the call begins, where they have
 * not heard that; or how it ends, where it was ending. Throws on an unknown version.
 */
export function resumeTurnState(snapshot: CallSnapshot, rules: ConversationRules, at: Ms): TurnState {
  if (snapshot.version !== SNAPSHOT_VERSION) throw new Error(`A snapshot of version ${snapshot.version} cannot be read`);
  const { history, owes, unanswered, rest = [], handOver, last, agentClosed, failures, echoes, pauses, speech = {} } = snapshot;
  const anew = owes === 'notice' && handOver === undefined && last === undefined;
  const resumed: Resumption | null = anew ? null : { unanswered, greeted: owes === null, rest, handOver, last };
  const machine = snapshot.machine ? 'answered' : null;
  const startedAt = at - (snapshot.elapsedMs ?? 0);
  return { ...createTurnState(rules, history, at), startedAt, agentClosed, failures, echoes, pauses, speech, resumed, machine };
}
