import { isOver, nextCallState, type CallFact, type CallState } from '@carillon/campaigns';
import type { Disposition } from '@carillon/contracts';
import type { Prisma } from '../generated/client.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';
import { ledgerCallOf, type CallKey, type CallResult, type LedgerCall } from './ledger-call.js';

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

/**
 * Applies one fact to one call by the state table, together with its contact; a fact that is old news changes nothing. Facts may come twice and in any
 * order. Null when there is no such call.
 */
export function applyCallFact(store: Store, news: CallNews): Promise<CallChange | null> {
  return inTransaction(store, async (transaction) => {
    const call = await lockCall(transaction, news);
    if (!call) return null;
    const { connectionId } = news;
    if (connectionId && call.carrierCallId && call.carrierCallId !== connectionId) return { call, moved: false, secondConnection: true };
    const state = nextCallState(call.state, news.fact);
    const row = await transaction.prisma.call.update({ where: { id: call.callId }, data: changesOf(call, state, news) });
    await followByContact(transaction, call, state);
    return { call: ledgerCallOf(row), moved: state !== call.state, secondConnection: false };
  });
}

async function lockCall({ prisma }: Db, { tenantId, callId }: CallKey): Promise<LedgerCall | null> {
  await prisma.$queryRaw`SELECT id::text FROM call WHERE id = ${callId}::uuid FOR UPDATE`;
  const row = await prisma.call.findFirst({ where: { id: callId, tenantId } });
  return row && ledgerCallOf(row);
}

function changesOf(call: LedgerCall, state: CallState, news: CallNews): Prisma.CallUpdateInput {
  const moved = state !== call.state;
  return {
    state,
    carrierCallId: call.carrierCallId ?? news.connectionId ?? null,
    ...(news.fact === 'answered' && isAnswerOf(call, news) ? { answeredAt: news.at } : {}),
    ...(moved && state === 'ringing' ? { placedAt: news.at } : {}),
    ...(moved ? { leaseUntil: news.leaseUntil ?? null } : {}),
    ...(moved && state === 'ended' ? endOf(call, news) : {}),
  };
}

/** Also of one that ended meanwhile: its end can overtake its answer on the way to us. */
function isAnswerOf(call: LedgerCall, { at }: CallNews): boolean {
  if (call.answeredAt) return false;
  if (!isOver(call.state)) return true;
  return call.wrappedAt === null && call.endedAt !== null && at <= call.endedAt;
}

function endOf(call: LedgerCall, { at, end = {} }: CallNews): Prisma.CallUpdateInput {
  const { result = null, endedBy = null, disposition = null } = end;
  return {
    endedAt: at,
    endedBy: call.endedBy ?? endedBy,
    disposition: call.disposition ?? disposition,
    ...(result ? { resultCode: result.code, resultSubCode: result.subCode, resultMessage: result.message } : {}),
  };
}

/** A contact whose call nobody knows about is `reconciling`; evidence brings it back. Its end is the wrap-up's business. */
async function followByContact({ prisma }: Db, { contactId, tenantId }: LedgerCall, state: CallState): Promise<void> {
  if (contactId === null || state === 'reserved' || isOver(state)) return;
  const contactState = state === 'unknown' ? 'reconciling' : 'in_flight';
  await prisma.contact.updateMany({
    where: { id: contactId, tenantId, state: { in: ['in_flight', 'reconciling'] } },
    data: { state: contactState },
  });
}
