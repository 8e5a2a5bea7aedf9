import { snapshotOf, type TurnState } from '@carillon/pipeline';
import type { Unwritten } from './conversation-writer.js';
import type { KeptCall } from './ports.js';

/** What a snapshot is made of: the same objects as long as it would be the same. */
export function looksOf({ history, agent, hearing, phase, turn, unsaid }: TurnState): readonly unknown[] {
  return [history, agent, hearing, phase, turn, unsaid];
}

/** A call as it stands. Null where a machine has answered: who comes after it listens anew. */
export function keptCallOf(turns: TurnState, { messages, claim }: Unwritten, exchangesBefore: number): KeptCall | null {
  if (turns.machine !== null) return null;
  return { turns: snapshotOf(turns), exchanges: exchangesBefore + turns.exchanges, unwritten: [...messages], unwrittenClaim: claim };
}
