import { isOver, nextCallState, type CallFact, type CallState } from '@carillon/campaigns';
import type { Disposition } from '@carillon/contracts';
import type { Store } from '../open-store.js';
import { moveCall, type CallMove } from './move-call.sql.js';
import { findLedgerCall, type CallKey, type CallResult, type LedgerCall } from './ledger-call.js';

/** What became known of a call that was sent. Calls that were never sent are released (release-call.sql.ts). */
export interface CallNews extends CallKey {
  fact: Extract<CallFact, 'unclear' | 'placed' | 'answered' | 'ended'>;
  at: Date;
  /** The carrier's name of the call, where it is known. */
  connectionId?: string | undefined;
  /** With `unclear`: when the reaper may look at it. */
  leaseUntil?: Date;
  /** With `ended`. A disposition here is ours and outweighs what would be worked out from the result. */
  end?: { result?: CallResult | null; endedBy?: string | null; disposition?: Disposition };
}

export interface CallChange {
  call: LedgerCall;
  /** The fact was new; only then is there anything to tell others. */
  moved: boolean;
  /** The carrier knows this call by another name already: one person was dialed twice. Nothing was changed. */
  secondConnection: boolean;
}

/** Others that change the same call in the same instant: each try that fails means that one of them got through. */
const MAX_TRIES = 20;

/**
 * Applies one fact to one call by the state table, together with its contact; a fact that is old news changes nothing. Facts may come twice and in any
 * order. Null when there is no such call.
 */
export async function applyCallFact(store: Store, news: CallNews): Promise<CallChange | null> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const call = await findLedgerCall(store, news);
    if (!call) return null;
    const { connectionId } = news;
    if (connectionId && call.carrierCallId && call.carrierCallId !== connectionId) return { call, moved: false, secondConnection: true };
    const state = nextCallState(call.state, news.fact);
    const move = moveOf(call, state, news);
    const moved = state !== call.state;
    if (!moved && isNothingNew(call, move)) return { call, moved, secondConnection: false };
    const after = await moveCall(store, call, move);
    if (after) return { call: after, moved, secondConnection: false };
    // somebody else was quicker: look again
  }
  throw new Error('others keep changing this call');
}

function moveOf(call: LedgerCall, state: CallState, news: CallNews): CallMove {
  const moved = state !== call.state;
  const ends = moved && state === 'ended';
  const { result = null, endedBy = null, disposition = null } = ends ? (news.end ?? {}) : {};
  return {
    state,
    carrierCallId: call.carrierCallId ?? news.connectionId ?? null,
    answeredAt: news.fact === 'answered' && isAnswerOf(call, news) ? news.at : call.answeredAt,
    placedAt: moved && state === 'ringing' ? news.at : null,
    leaseUntil: moved ? (news.leaseUntil ?? null) : undefined,
    endedAt: ends ? news.at : call.endedAt,
    endedBy: call.endedBy ?? endedBy,
    disposition: call.disposition ?? disposition,
    result: result ?? call.result,
    contactState: contactStateOf(state),
  };
}

function isNothingNew(call: LedgerCall, { carrierCallId, answeredAt }: CallMove): boolean {
  return carrierCallId === call.carrierCallId && answeredAt?.getTime() === call.answeredAt?.getTime();
}

/** Also of one that ended meanwhile: its end can overtake its answer on the way to us. */
function isAnswerOf(call: LedgerCall, { at }: CallNews): boolean {
  if (call.answeredAt) return false;
  if (!isOver(call.state)) return true;
  return call.wrappedAt === null && call.endedAt !== null && at <= call.endedAt;
}

/** A contact whose call nobody knows about is `reconciling`; evidence brings it back. Its end is the wrap-up's business. */
function contactStateOf(state: CallState): CallMove['contactState'] {
  if (state === 'reserved' || isOver(state)) return null;
  return state === 'unknown' ? 'reconciling' : 'in_flight';
}
