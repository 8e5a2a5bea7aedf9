import { CarillonError, RefusedError } from '@carillon/contracts';
import type { AccountCaps } from '../ledger/gather-facts.sql.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';
import { insertLocked, lockDay } from './create-call.js';
import { scheduledCallOf, type ScheduledCall } from './scheduled-calls.js';

/** Scheduled calls whose time has come, or has passed, the longest due first. */
export async function listDueScheduledCalls(db: Db, now: Date, limit: number): Promise<ScheduledCall[]> {
  const rows = await db.prisma.scheduledCall.findMany({
    where: { state: 'waiting', nextAt: { lte: now } },
    orderBy: { nextAt: 'asc' },
    take: limit,
  });
  return rows.map(scheduledCallOf);
}

export interface StartScheduled {
  account: AccountCaps;
  ringTimeoutMs: number;
  maxCallMs: number;
  /** How long the call may wait for a slot. */
  patienceMs: number;
  /** When to look again at a person who is in a call right now. */
  busyMs: number;
  now: Date;
}

export type ScheduledOutcome =
  /** Reserved: to be queued for the dialer. */
  | { kind: 'called'; callId: string }
  | { kind: 'postponed'; until: Date; code: string }
  | { kind: 'over'; state: 'cancelled' | 'expired' }
  /** Somebody else had it, or took it back. */
  | { kind: 'gone' };

/**
 * Turns a scheduled call whose time has come into a call of the same id, in one transaction; asks the gate as every call does. Refused, it waits until the gate would let it
 * pass; it ends as `expired` when that is too late for it, and as `cancelled` when it never would. A call that cannot be dialed after all comes back to it (release-call.sql.ts).
 * Harmless when repeated.
 */
export async function startScheduledCall(store: Store, scheduled: ScheduledCall, options: StartScheduled): Promise<ScheduledOutcome> {
  const { now, busyMs } = options;
  if (scheduled.notAfter <= now) return settle(store, scheduled, { state: 'expired' });
  try {
    return await inTransaction(store, (transaction) => call(transaction, scheduled, options));
  } catch (error) {
    if (error instanceof RefusedError) {
      const { reasons, next_allowed_at: next } = error.refusal;
      return postpone(store, scheduled, reasons[0]?.code ?? 'refused', next === null ? null : new Date(next));
    }
    if (!(error instanceof CarillonError) || error.code !== 'already_in_call') throw error;
    return postpone(store, scheduled, error.code, new Date(now.getTime() + busyMs));
  }
}

async function call(transaction: Db, scheduled: ScheduledCall, options: StartScheduled): Promise<ScheduledOutcome> {
  const { id, tenantId, phoneE164, initiate, asked, fromCallId } = scheduled;
  const { patienceMs, ringTimeoutMs, maxCallMs, account, now } = options;
  const base = { callId: id, tenantId, phoneE164, initiate, asked, account, ringTimeoutMs, maxCallMs, now, traceparent: null };
  const notAfter = new Date(Math.min(now.getTime() + patienceMs, scheduled.notAfter.getTime()));
  const locked = await lockDay(transaction, { ...base, notAfter });
  const taken = await transaction.prisma.scheduledCall.updateMany({
    where: { id, tenantId, state: 'waiting' },
    data: { state: 'called', callId: id, blocked: null },
  });
  if (taken.count === 0) return { kind: 'gone' };
  const from =
    fromCallId === null
      ? null
      : await transaction.prisma.call.findFirst({ where: { id: fromCallId, tenantId }, select: { conversationId: true } });
  const callId = await insertLocked(transaction, { ...base, notAfter, conversationId: from?.conversationId }, locked);
  return { kind: 'called', callId };
}

function postpone(store: Store, scheduled: ScheduledCall, code: string, until: Date | null): Promise<ScheduledOutcome> | ScheduledOutcome {
  if (until === null) return settle(store, scheduled, { state: 'cancelled', blocked: code });
  if (until >= scheduled.notAfter) return settle(store, scheduled, { state: 'expired', blocked: code });
  return waitUntil(store, scheduled, code, until);
}

async function waitUntil(store: Store, { id, tenantId }: ScheduledCall, code: string, until: Date): Promise<ScheduledOutcome> {
  const { count } = await store.prisma.scheduledCall.updateMany({
    where: { id, tenantId, state: 'waiting' },
    data: { nextAt: until, blocked: code },
  });
  return count === 0 ? { kind: 'gone' } : { kind: 'postponed', until, code };
}

async function settle(
  store: Store,
  { id, tenantId }: ScheduledCall,
  end: { state: 'cancelled' | 'expired'; blocked?: string },
): Promise<ScheduledOutcome> {
  const { count } = await store.prisma.scheduledCall.updateMany({ where: { id, tenantId, state: 'waiting' }, data: end });
  return count === 0 ? { kind: 'gone' } : { kind: 'over', state: end.state };
}
