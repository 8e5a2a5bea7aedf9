import type { Ms } from '../ports.js';
import type { ConversationRules } from '../turn/conversation-rules.js';
import type { TurnState } from '../turn/state.js';

const MAX_FILLERS = 2;

/** When the next filler is due: for an answer of which nothing but fillers was or is about to be heard, twice per turn at most. */
export function fillerAt({ agent, turn, phase, rules }: TurnState): Ms | null {
  if (agent.name !== 'thinking' && agent.name !== 'tool-wait') return null;
  const { reply } = agent;
  if (reply.kind !== 'answer' || turn === null || phase.name === 'closing' || reply.waitingSince === null) return null;
  if (reply.phrases.some(({ source, status }) => source !== 'filler' || status === 'asked' || status === 'playing')) return null;
  const waitMs = fillerWaitMs(rules, turn.fillers);
  return waitMs === null ? null : reply.waitingSince + waitMs;
}

/** From the beginning of the wait to the next filler, where `said` were said already; null: no more of them. */
export function fillerWaitMs({ fillerMs, softTimeoutMs }: ConversationRules, said: number): Ms | null {
  if (said >= MAX_FILLERS) return null;
  if (fillerMs === null || fillerMs >= softTimeoutMs) return said === 0 ? softTimeoutMs : null;
  return said === 0 ? fillerMs : softTimeoutMs;
}

/** Which one it is: the second says the same in other words. */
export function fillerLine({ lines, fillerMs }: ConversationRules, said: number): string {
  return said === 0 && fillerMs !== null ? lines.filler : (lines.stillThinking ?? lines.filler);
}
