import type { Ms } from '../ports.js';
import type { ConversationRules } from '../turn/conversation-rules.js';
import type { Reply, TurnState } from '../turn/state.js';

const MAX_FILLERS = 2;

/**
 * When the next filler is due, for an answer of which nothing is about to be heard, twice per turn at most. Who has heard a part of it is told once more,
 * after the longer time from its end on, that we are still at it: a tool may take long after "let me check that".
 */
export function fillerAt({ agent, turn, phase, rules }: TurnState): Ms | null {
  if (agent.name !== 'thinking' && agent.name !== 'tool-wait') return null;
  const { reply } = agent;
  if (reply.kind !== 'answer' || turn === null || phase.name === 'closing' || reply.waitingSince === null) return null;
  if (reply.phrases.some(({ status }) => status !== 'played' && status !== 'failed')) return null;
  const waitMs = isBegun(reply) ? laterWaitMs(reply, rules, turn.fillers) : fillerWaitMs(rules, turn.fillers);
  return waitMs === null ? null : reply.waitingSince + waitMs;
}

/** Something of it was heard, and not only fillers. */
const isBegun = ({ phrases }: Reply): boolean => phrases.some(({ source, status }) => source !== 'filler' && status === 'played');

function laterWaitMs({ phrases }: Reply, { softTimeoutMs }: ConversationRules, said: number): Ms | null {
  const last = phrases.findLast(({ status }) => status === 'played');
  return said >= MAX_FILLERS || last?.source === 'filler' ? null : softTimeoutMs;
}

/** From the beginning of the wait to the next filler, where `said` were said already; null: no more of them. */
export function fillerWaitMs({ fillerMs, softTimeoutMs }: ConversationRules, said: number): Ms | null {
  if (said >= MAX_FILLERS) return null;
  if (fillerMs === null || fillerMs >= softTimeoutMs) return said === 0 ? softTimeoutMs : null;
  return said === 0 ? fillerMs : softTimeoutMs;
}

/** Which one it is: the second, and one in the middle of an answer, says the same in other words. */
export function fillerLine({ lines, fillerMs }: ConversationRules, said: number, reply?: Reply): string {
  const isFirst = said === 0 && (reply === undefined || !isBegun(reply));
  return isFirst && fillerMs !== null ? lines.filler : (lines.stillThinking ?? lines.filler);
}
