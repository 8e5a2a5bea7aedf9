import type { Disposition } from '@carillon/contracts';
import type { Store } from '../open-store.js';
import { Prisma } from '../generated/client.js';
import { inTransaction, rowsOf, type Db } from '../transaction.js';
import { ACCOUNT_COUNTER, counterName, lockCounters, type DayCounter } from './day-counters.sql.js';
import { ACCOUNT_CHARGED_ON, type CallKey, type CallResult } from './ledger-call.js';

export interface Release extends CallKey {
  /** Only a call in this state is released: one that was never sent, or provably refused. */
  from: 'reserved' | 'dialing';
  /** When its contact, or the scheduled call that it was made for, may be dialed again. */
  nextAt: Date;
  /** Code of the gate, where it refused. */
  blocked?: string | null;
  /** It is not tried again: how it ended, for whoever asked for it, and for its contact too. */
  end?: ReleaseEnd | undefined;
  now: Date;
}

export interface ReleaseEnd {
  disposition: Disposition;
  /** The carrier's answer, where it gave one. */
  result?: CallResult | null;
  /** A scheduled call is made again at `nextAt`, as long as it is not too late for it. */
  mayComeAgain: boolean;
}

/**
 * Takes back a call that provably never reached the carrier: nothing is charged, neither to its contact nor to the day's counters nor to the person's history, and the person is free.
 *
 * The contact waits again, or is final: with an `end`, and where the campaign is over meanwhile. A call from the API has no contact: it is over once it was being dialed, or has an
 * `end`, and otherwise goes on waiting for a slot (false). One that was made for a scheduled call leaves that waiting again, and gives it its id back for the next try; too late for
 * that it is `expired`, and `cancelled` when it may not come again.
 *
 * False as well when the call is not in that state any more.
 */
export function releaseCall(store: Store, release: Release): Promise<boolean> {
  return inTransaction(store, async (transaction) => {
    const charged = await lockCountersOf(transaction, [release.callId]);
    // Charged anew while we waited for the old counters: a job has it in hand.
    if (!isSameCharge(charged, await listCharges(transaction, [release.callId]))) return false;
    return releaseLocked(transaction, release);
  });
}

/** The counters that a call was charged to. */
interface Charge {
  callId: string;
  tenantId: string;
  campaignId: string | null;
  callerNumber: string | null;
  chargedOn: Date;
  accountChargedOn: Date;
}

function listCharges(transaction: Db, callIds: readonly string[]): Promise<Charge[]> {
  return rowsOf<Charge>(
    transaction,
    Prisma.sql`
    SELECT id::text AS "callId", tenant_id AS "tenantId", campaign_id::text AS "campaignId", caller_number AS "callerNumber", charged_on AS "chargedOn",
           ${ACCOUNT_CHARGED_ON} AS "accountChargedOn"
    FROM call WHERE id = ANY (${[...callIds]}::uuid[]) AND charged_on IS NOT NULL ORDER BY id`,
  );
}

const isSameCharge = (a: readonly Charge[], b: readonly Charge[]) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Locks the day counters of calls that are about to be released: before everything else in the transaction, as whoever charges them does; then no two can wait
 * for each other.
 */
export async function lockCountersOf(transaction: Db, callIds: readonly string[]): Promise<Charge[]> {
  const charges = await listCharges(transaction, callIds);
  const counters = new Map(charges.flatMap(countersOf).map((counter) => [`${counterName(counter)} ${counter.day.getTime()}`, counter]));
  if (counters.size > 0) await lockCounters(transaction, [...counters.values()]);
  return charges;
}

/** Whatever is charged with a call. */
export function countersOf({ tenantId, campaignId, callerNumber, chargedOn, accountChargedOn }: Omit<Charge, 'callId'>): DayCounter[] {
  const counters: DayCounter[] = [
    { ...ACCOUNT_COUNTER, day: accountChargedOn },
    { tenantId, scope: 'tenant', key: '*', day: chargedOn },
  ];
  if (campaignId !== null) counters.push({ tenantId, scope: 'campaign', key: campaignId, day: chargedOn });
  if (callerNumber !== null) counters.push({ tenantId, scope: 'number', key: callerNumber, day: chargedOn });
  return counters;
}

/** For a transaction that holds the call's counters already. */
export async function releaseLocked(
  transaction: Db,
  { tenantId, callId, from, nextAt, blocked = null, end, now }: Release,
): Promise<boolean> {
  const { disposition = null, result = null, mayComeAgain = true } = end ?? {};
  const [row] = await rowsOf<{ released: number }>(
    transaction,
    Prisma.sql`
    WITH scheduled AS MATERIALIZED (
      SELECT id, CASE WHEN NOT ${mayComeAgain}::bool THEN 'cancelled' WHEN not_after <= ${nextAt}::timestamptz THEN 'expired' ELSE 'waiting' END AS state
      FROM scheduled_call WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND state = 'called'
    ), released AS (
      UPDATE call SET id = CASE WHEN scheduled.state = 'waiting' THEN gen_random_uuid() ELSE call.id END,
                      state = 'released', lease_until = NULL, ended_at = ${now}::timestamptz, wrapped_at = ${now}::timestamptz,
                      disposition = CASE WHEN call.contact_id IS NULL OR ${disposition}::text IS NOT NULL THEN coalesce(call.disposition, ${disposition}::text, 'cancelled') END,
                      result_code = ${result?.code ?? null}::int, result_sub_code = ${result?.subCode ?? null}::int, result_message = ${result?.message ?? null}
      FROM (SELECT) AS one LEFT JOIN scheduled ON true
      WHERE call.id = ${callId}::uuid AND call.tenant_id = ${tenantId} AND call.state = ${from}::"CallState"
        AND (call.contact_id IS NOT NULL OR call.state = 'dialing' OR ${disposition}::text IS NOT NULL)
      RETURNING call.tenant_id, call.contact_id, call.campaign_id, call.caller_number, call.charged_on, ${ACCOUNT_CHARGED_ON} AS account_charged_on
    ), freed AS (
      DELETE FROM in_flight USING released WHERE in_flight.call_id = ${callId}::uuid
    ), given_back AS (
      UPDATE dial_counter SET used = used - 1
      FROM released CROSS JOIN LATERAL (VALUES
        ('*', 'account', '*', released.account_charged_on), (released.tenant_id, 'tenant', '*', released.charged_on),
        (released.tenant_id, 'campaign', released.campaign_id::text, released.charged_on), (released.tenant_id, 'number', released.caller_number, released.charged_on)
      ) AS charge (tenant_id, scope, key, day)
      WHERE dial_counter.tenant_id = charge.tenant_id AND dial_counter.scope = charge.scope AND dial_counter.key = charge.key AND dial_counter.day = charge.day
    ), come_again AS (
      UPDATE scheduled_call
      SET state = scheduled.state::"ScheduledCallState", call_id = CASE WHEN scheduled.state = 'waiting' THEN NULL ELSE scheduled_call.call_id END,
          next_at = CASE WHEN scheduled.state = 'waiting' THEN ${nextAt}::timestamptz ELSE scheduled_call.next_at END, blocked = ${blocked ?? 'not_dialed'}
      FROM scheduled, released WHERE scheduled_call.id = scheduled.id
    ), back AS (
      UPDATE contact
      SET state = (CASE WHEN campaign.status IN ('cancelled', 'completed') OR ${disposition}::text IS NOT NULL THEN 'final' ELSE 'waiting' END)::"ContactState",
          disposition = CASE WHEN ${disposition}::text IS NOT NULL THEN ${disposition}::text WHEN campaign.status = 'cancelled' THEN 'cancelled'
                             WHEN campaign.status = 'completed' THEN coalesce(contact.disposition, 'expired') ELSE contact.disposition END,
          final_at = CASE WHEN campaign.status IN ('cancelled', 'completed') OR ${disposition}::text IS NOT NULL THEN ${now}::timestamptz END,
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
