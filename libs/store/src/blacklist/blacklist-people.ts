import type { BlacklistResult } from '@carillon/contracts';
import { storableText } from '../json.js';
import { lockCountersOf, releaseLocked } from '../ledger/release-call.sql.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';
import {
  insertEntries,
  listCallingTenants,
  listReservedCalls,
  lockContacts,
  stopApiCalls,
  stopContacts,
  stopScheduledCalls,
  type Reach,
} from './blacklist.sql.js';
import { scopeColumns, type Scope } from './blacklist-scope.js';

export interface Blacklisting {
  tenantId: string;
  /** E.164, each once. A thousand at most: one transaction. */
  phones: readonly string[];
  scope: Scope;
  reason: string;
  source: 'api' | 'import' | 'call';
  /** Null: for good. */
  expiresAt?: Date | null;
  now: Date;
}

/** A deadlock ends one of the two with this SQLSTATE; tried again, it finds the other one done. */
const DEADLOCK = '40P01';
const MAX_TRIES = 4;

/**
 * Puts people on the blacklist, effective at once, in one transaction: from its commit on, no claim takes them and no reserved call to them is dialed
 * (`startDialing` looks). Their contacts in all campaigns within the scope that wait become final, as those of calls that were reserved and not dialed yet; where the
 * entry ends by itself they wait until then. Who is on the list already stays on it: harmless when repeated.
 */
export async function blacklistPeople(store: Store, blacklisting: Blacklisting): Promise<BlacklistResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransaction(store, (transaction) => blacklist(transaction, blacklisting));
    } catch (error) {
      if (tries === MAX_TRIES || !isDeadlock(error)) throw error;
    }
  }
}

/** The person asked during a call not to be called again: in no campaign of the tenant, from now on. */
export function optOut(store: Store, input: { tenantId: string; phoneE164: string; reason: string; now: Date }): Promise<BlacklistResult> {
  const { phoneE164, ...rest } = input;
  return blacklistPeople(store, { ...rest, phones: [phoneE164], scope: { kind: 'tenant' }, source: 'call' });
}

async function blacklist(transaction: Db, blacklisting: Blacklisting): Promise<BlacklistResult> {
  const { phones, now } = blacklisting;
  const entry = { ...blacklisting, reason: storableText(blacklisting.reason), expiresAt: blacklisting.expiresAt ?? null };
  const columns = scopeColumns(entry.tenantId, entry.scope);
  const added = await insertEntries(transaction, { ...entry, ...columns });
  const tenants = entry.scope.kind === 'global' ? await listCallingTenants(transaction) : [entry.tenantId];
  const reach: Reach = { tenants, scope: columns.scope, phones };
  const reserved = await listReservedCalls(transaction, reach);
  await lockCountersOf(
    transaction,
    reserved.map(({ callId }) => callId),
  );
  await lockContacts(transaction, reach);
  let released = 0;
  for (const call of await listReservedCalls(transaction, reach)) {
    if (await releaseLocked(transaction, { ...call, from: 'reserved', nextAt: now, blocked: 'blacklisted', now })) released += 1;
  }
  await stopApiCalls(transaction, reach, now);
  const stopped = await stopContacts(transaction, reach, { until: entry.expiresAt, now });
  if (entry.expiresAt === null) await stopScheduledCalls(transaction, reach);
  return { added, already_listed: phones.length - added, contacts_stopped: stopped, calls_released: released };
}

/** Prisma wraps what the database said more than once, and not always in the same way. */
function isDeadlock(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, meta } = error as { code?: unknown; meta?: unknown };
  return code === 'P2034' || JSON.stringify([meta ?? null, error.message]).includes(DEADLOCK);
}
