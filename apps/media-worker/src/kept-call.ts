import { snapshotOf, type Ms, type TurnState } from '@carillon/pipeline';
import type { Unwritten } from './conversation-writer.js';
import type { KeptCall } from './ports.js';

/** What a snapshot is made of: the same objects as long as it would be the same. */
export function looksOf({ history, agent, hearing, phase, turn, unsaid, speech }: TurnState): readonly unknown[] {
  return [history, agent, hearing, phase, turn, unsaid, speech];
}

/** A call as it stands at `at`, on the clock of its session. */
export function keptCallOf(turns: TurnState, at: Ms, { messages, claim }: Unwritten, exchangesBefore: number): KeptCall {
  return { turns: snapshotOf(turns, at), exchanges: exchangesBefore + turns.exchanges, unwritten: [...messages], unwrittenClaim: claim };
}
