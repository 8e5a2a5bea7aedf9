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

/** Whether our services had failed on the worker that kept the call. From there a call only ends: nothing said later makes up for it. */
export function hasFailedBefore(kept: KeptCall | undefined): boolean {
  return kept !== undefined && (kept.turns.handOver !== undefined || kept.turns.last?.reason === 'provider_failure');
}

/** What had come of a call whose next socket ends before it begins; its exchanges are counted already. */
export function turnsBefore(kept: KeptCall | undefined): Pick<TurnState, 'exchanges' | 'agentClosed' | 'machine'> {
  return { exchanges: 0, agentClosed: kept?.turns.agentClosed ?? false, machine: kept?.turns.machine ? 'answered' : null };
}
