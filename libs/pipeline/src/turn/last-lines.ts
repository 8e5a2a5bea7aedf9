import { isFree } from './reply.js';
import type { LastLines, TurnState } from './state.js';

/** What was left of the end of a call, for another worker: that one ends it instead of going on. Null where the call goes on, or somebody takes over. */
export function lastLinesOf({ phase, agent, resumed, rules }: TurnState): LastLines | undefined {
  if (resumed?.last !== undefined) return resumed.last;
  if (phase.name !== 'closing' || phase.transfer !== undefined || phase.reason === 'machine') return undefined;
  const { reason, offer } = phase;
  if (offer?.name === 'waiting') return { reason, lines: [rules.lines.callbackOffer ?? ''], offer: true };
  const phrases = agent.name === 'idle' || isFree(agent) ? [] : agent.reply.phrases;
  const unheard = phrases.filter(({ source, status }) => source !== 'filler' && status !== 'played' && status !== 'failed');
  return { reason, lines: unheard.map(({ text }) => text), offer: offer !== undefined };
}
