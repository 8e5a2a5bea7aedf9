import type { ChatMessage, Ms } from '../ports.js';
import { textOf } from '../policies/endpointing.js';
import type { PauseStats } from '../policies/pauses.js';
import type { ConversationRules } from './conversation-rules.js';
import { contentOf, heardOf, isFree } from './reply.js';
import { createTurnState, type TurnState } from './state.js';

/** Raised when an older snapshot can no longer be read. */
export const SNAPSHOT_VERSION = 1;

/**
 * What another worker needs to go on with a call: plain data, without times, since each process has its own clock. Exchanges are not in it:
 * each session counts its own.
 */
export interface CallSnapshot {
  version: number;
  /** What was said and heard, what was not finished included. */
  history: ChatMessage[];
  /** What the person has still not heard of how the call begins: the legal notice and all after it, the greeting, or nothing. */
  owes: 'notice' | 'greeting' | null;
  /** The person spoke last and heard no answer. */
  unanswered: boolean;
  agentClosed: boolean;
  failures: number;
  echoes: number;
  pauses: PauseStats;
}

/** Takes a call as it stands: a reply that is being said counts as far as its phrases were heard, half an utterance as far as it was understood. */
export function snapshotOf(state: TurnState): CallSnapshot {
  const { agentClosed, failures, echoes, pauses } = state;
  const history = withUnfinished(state);
  const unanswered = history.at(-1)?.role === 'user';
  return { version: SNAPSHOT_VERSION, history, owes: owedOf(state), unanswered, agentClosed, failures, echoes, pauses };
}

function owedOf({ phase }: TurnState): CallSnapshot['owes'] {
  if (phase.name === 'notice') return 'notice';
  if (phase.name !== 'greeting') return null;
  return phase.mediaOpen ? 'greeting' : 'notice';
}

function withUnfinished({ history, agent, hearing }: TurnState): ChatMessage[] {
  const said =
    isFree(agent) || agent.name === 'idle'
      ? ''
      : contentOf(agent.reply.phrases, (phrase) => (phrase.status === 'played' ? heardOf(phrase) : ''));
  const heard = textOf(hearing);
  return [
    ...history,
    ...(said === '' ? [] : [{ role: 'assistant' as const, content: said }]),
    ...(heard === '' ? [] : [{ role: 'user' as const, content: heard }]),
  ];
}

/**
 * The state in which a call goes on: the person hears that the line is back, and an answer that is still owed; or how the call begins, where they
 * have not heard that. Throws on an unknown version.
 */
export function resumeTurnState(snapshot: CallSnapshot, rules: ConversationRules, at: Ms): TurnState {
  if (snapshot.version !== SNAPSHOT_VERSION) throw new Error(`A snapshot of version ${snapshot.version} cannot be read`);
  const { history, owes, unanswered, agentClosed, failures, echoes, pauses } = snapshot;
  const resumed = owes === 'notice' ? null : { unanswered, greeted: owes === null };
  return { ...createTurnState(rules, history, at), agentClosed, failures, echoes, pauses, resumed };
}
