import { lastAgentLine } from '../policies/endpointing.js';
import type { TurnState } from './state.js';

/** What a person hears when the line is back: that it was lost, and the question that is still open. */
export function recapLine(state: Pick<TurnState, 'history' | 'rules' | 'resumed'>): string {
  const { recap = '' } = state.rules.lines;
  const { unanswered = false, rest = [] } = state.resumed ?? {};
  const question = unanswered || rest.length > 0 ? '' : (/[^.!?。！？]*[?？]\s*$/u.exec(lastAgentLine(state))?.[0].trim() ?? '');
  return `${recap} ${question}`.trim();
}
