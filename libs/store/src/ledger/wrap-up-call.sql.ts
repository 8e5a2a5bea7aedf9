import type { Disposition } from '@carillon/contracts';
import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

/** What becomes of the contact: called again at an instant, as a promised callback (0) or a retry (1), or never. */
export type ContactFate = { state: 'final' } | { state: 'waiting'; class: 0 | 1; nextAt: Date };

/** `maybeLast`: no other contact of the campaign was seen that is not final; it may be complete. */
export type WrapUpResult = { wrapped: true; maybeLast: boolean } | { wrapped: false };

export interface WrapUp {
  disposition: Disposition;
  contact: ContactFate;
  /** Millionths of the budget's currency. */
  costMicros: number;
  now: Date;
}

/**
 * The end of an ended call's paperwork: disposition, cost, the contact final or waiting for its next call, person free. Happens once: `wrapped` for the one caller
 * that did it, not for any later one (compare-and-set on `wrapped_at`). A contact whose campaign is over meanwhile is final whatever was planned. What the
 * conversation had said of itself stays, such as an opt-out of this moment; but a failure of ours may have turned out to be a transfer.
 */
export async function wrapUpCall(
  db: Db,
  { tenantId, callId }: CallKey,
  { disposition, contact, costMicros, now }: WrapUp,
): Promise<WrapUpResult> {
  const again = contact.state === 'waiting' ? contact : null;
  const [row] = await rowsOf<{ wrapped: number; others: boolean }>(
    db,
    Prisma.sql`
    WITH wrapped AS (
      UPDATE call SET wrapped_at = ${now}::timestamptz,
        disposition = CASE WHEN call.disposition = 'network_failure' THEN ${disposition} ELSE coalesce(call.disposition, ${disposition}) END, cost_micros = ${costMicros}::bigint
      WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND state = 'ended' AND wrapped_at IS NULL
      RETURNING id, contact_id, campaign_id, disposition
    ), freed AS (
      DELETE FROM in_flight USING wrapped WHERE in_flight.call_id = wrapped.id
    ), spent AS (
      UPDATE campaign SET spent_micros = spent_micros + ${costMicros}::bigint FROM wrapped WHERE campaign.id = wrapped.campaign_id AND ${costMicros}::bigint > 0
    ), settled AS (
      UPDATE contact
      SET state = (CASE WHEN ${again !== null} AND campaign.status IN ('running', 'paused') THEN 'waiting' ELSE 'final' END)::"ContactState",
          disposition = wrapped.disposition, blocked = NULL,
          class = coalesce(${again?.class ?? null}::smallint, contact.class), next_at = coalesce(${again?.nextAt ?? null}::timestamptz, contact.next_at),
          final_at = CASE WHEN ${again !== null} AND campaign.status IN ('running', 'paused') THEN NULL ELSE ${now}::timestamptz END
      FROM wrapped JOIN campaign ON campaign.id = wrapped.campaign_id
      WHERE contact.id = wrapped.contact_id AND contact.state <> 'final'
    )
    SELECT count(*)::int AS wrapped, coalesce(bool_or(EXISTS (
      SELECT FROM contact WHERE contact.campaign_id = wrapped.campaign_id AND contact.state IN ('waiting', 'reserved', 'in_flight', 'reconciling')
        AND contact.id <> wrapped.contact_id)), false) AS others
    FROM wrapped`,
  );
  return row?.wrapped === 1 ? { wrapped: true, maybeLast: again === null && !row.others } : { wrapped: false };
}

/** The calls that were charged to a contact, oldest first. */
export async function listAttempts(db: Db, contactId: bigint): Promise<{ at: Date; disposition: Disposition | null; callback: boolean }[]> {
  const calls = await rowsOf<{ at: Date; disposition: Disposition | null; class: number }>(
    db,
    Prisma.sql`
    SELECT coalesce(dialed_at, created_at) AS at, disposition, class FROM call
    WHERE contact_id = ${contactId}::bigint AND state <> 'released' ORDER BY attempt_no`,
  );
  return calls.map(({ at, disposition, class: rank }) => ({ at, disposition, callback: rank === 0 }));
}
