import type { Store } from '../open-store.js';
import { Prisma } from '../generated/client.js';
import { inTransaction, rowsOf, type Db } from '../transaction.js';
import { ACCOUNT_COUNTER, counterName, lockCounters, type CounterKey } from './day-counters.sql.js';
import type { CallKey } from './ledger-call.js';

export interface Release extends CallKey {
  /** Only a call in this state is released: one that was never sent, or provably refused. */
  from: 'reserved' | 'dialing';
  /** When its contact may be dialed again. */
  nextAt: Date;
  /** Code of the gate, where it refused. */
  blocked?: string | null;
  now: Date;
}

/**
 * Takes back a call of a campaign that provably never reached the carrier: the contact waits again and nothing is charged, neither to it nor to the day's
 * counters, or it is final where the campaign is over meanwhile; the person is free. A call from the API has no contact: it is over
 * once it was being dialed, and otherwise goes on waiting for a slot (false). False as well when the call is not in that state any more.
 */
export function releaseCall(store: Store, release: Release): Promise<boolean> {
  return inTransaction(store, async (transaction) => {
    await lockCountersOf(transaction, [release.callId]);
    return releaseLocked(transaction, release);
  });
}

/**
 * Locks the day counters of calls that are about to be released: before everything else in the transaction, as whoever charges them does; then no two can wait
 * for each other.
 */
export async function lockCountersOf(transaction: Db, callIds: readonly string[]): Promise<void> {
  const calls = await transaction.prisma.call.findMany({
    where: { id: { in: [...callIds] } },
    select: { tenantId: true, chargedOn: true, campaignId: true, callerNumber: true },
  });
  const days = [...new Set(calls.flatMap(({ chargedOn }) => (chargedOn ? [chargedOn.getTime()] : [])))].sort((a, b) => a - b);
  for (const day of days) {
    const keys = calls.filter(({ chargedOn }) => chargedOn?.getTime() === day).flatMap(countersOf);
    const unique = new Map(keys.map((key) => [counterName(key), key]));
    await lockCounters(transaction, new Date(day), [...unique.values()]);
  }
}

function countersOf({
  tenantId,
  campaignId,
  callerNumber,
}: {
  tenantId: string;
  campaignId: string | null;
  callerNumber: string | null;
}): CounterKey[] {
  const keys: CounterKey[] = [ACCOUNT_COUNTER, { tenantId, scope: 'tenant', key: '*' }];
  if (campaignId !== null) keys.push({ tenantId, scope: 'campaign', key: campaignId });
  if (callerNumber !== null) keys.push({ tenantId, scope: 'number', key: callerNumber });
  return keys;
}

/** For a transaction that holds the call's counters already. */
export async function releaseLocked(transaction: Db, { tenantId, callId, from, nextAt, blocked = null, now }: Release): Promise<boolean> {
  const [row] = await rowsOf<{ released: number }>(
    transaction,
    Prisma.sql`
    WITH released AS (
      UPDATE call SET state = 'released', lease_until = NULL, ended_at = ${now}::timestamptz, wrapped_at = ${now}::timestamptz,
                      disposition = CASE WHEN contact_id IS NULL THEN 'cancelled' END
      WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND state = ${from}::"CallState" AND (contact_id IS NOT NULL OR state = 'dialing')
      RETURNING id, tenant_id, contact_id, campaign_id, caller_number, charged_on
    ), freed AS (
      DELETE FROM in_flight USING released WHERE in_flight.call_id = released.id
    ), given_back AS (
      UPDATE dial_counter SET used = used - 1 FROM released
      WHERE dial_counter.day = released.charged_on AND (dial_counter.tenant_id, dial_counter.scope, dial_counter.key) IN (
        (released.tenant_id, 'campaign', released.campaign_id::text), (released.tenant_id, 'tenant', '*'), ('*', 'account', '*'),
        (released.tenant_id, 'number', released.caller_number))
    ), back AS (
      UPDATE contact
      SET state = (CASE WHEN campaign.status IN ('cancelled', 'completed') THEN 'final' ELSE 'waiting' END)::"ContactState",
          disposition = CASE campaign.status WHEN 'cancelled' THEN 'cancelled' WHEN 'completed' THEN coalesce(contact.disposition, 'expired') ELSE contact.disposition END,
          final_at = CASE WHEN campaign.status IN ('cancelled', 'completed') THEN ${now}::timestamptz END,
          attempts = attempts - CASE contact.state WHEN 'in_flight' THEN 1 ELSE 0 END,
          blocked = ${blocked},
          next_at = greatest(contact.next_at, ${nextAt}::timestamptz)
      FROM released JOIN campaign ON campaign.id = released.campaign_id
      WHERE contact.id = released.contact_id
    )
    SELECT count(*)::int AS released FROM released`,
  );
  return row?.released === 1;
}
