import type { Disposition } from '@carillon/contracts';
import type { Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

/** What becomes of the contact: called again at an instant, as a promised callback (0) or a retry (1), or never. */
export type ContactFate = { state: 'final' } | { state: 'waiting'; class: 0 | 1; nextAt: Date };

export interface WrapUp {
  disposition: Disposition;
  contact: ContactFate;
  /** Millionths of the budget's currency. */
  costMicros: number;
  now: Date;
}

/**
 * The end of an ended call's paperwork: disposition, cost, the contact final or waiting for its next call, person free. Happens once: true for the one caller
 * that did it, false for every later one (compare-and-set on `wrapped_at`). A contact whose campaign is over meanwhile is final whatever was planned.
 */
export async function wrapUpCall(
  db: Db,
  { tenantId, callId }: CallKey,
  { disposition, contact, costMicros, now }: WrapUp,
): Promise<boolean> {
  const again = contact.state === 'waiting' ? contact : null;
  const [row] = await db.prisma.$queryRaw<{ wrapped: number }[]>`
    WITH wrapped AS (
      UPDATE call SET wrapped_at = ${now}::timestamptz, disposition = ${disposition}, cost_micros = ${costMicros}::bigint
      WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND state = 'ended' AND wrapped_at IS NULL
      RETURNING id, contact_id, campaign_id
    ), freed AS (
      DELETE FROM in_flight USING wrapped WHERE in_flight.call_id = wrapped.id
    ), spent AS (
      UPDATE campaign SET spent_micros = spent_micros + ${costMicros}::bigint FROM wrapped WHERE campaign.id = wrapped.campaign_id AND ${costMicros}::bigint > 0
    ), settled AS (
      UPDATE contact
      SET state = (CASE WHEN ${again !== null} AND campaign.status IN ('running', 'paused') THEN 'waiting' ELSE 'final' END)::"ContactState",
          disposition = ${disposition}, blocked = NULL,
          class = coalesce(${again?.class ?? null}::smallint, contact.class), next_at = coalesce(${again?.nextAt ?? null}::timestamptz, contact.next_at),
          final_at = CASE WHEN ${again !== null} AND campaign.status IN ('running', 'paused') THEN NULL ELSE ${now}::timestamptz END
      FROM wrapped JOIN campaign ON campaign.id = wrapped.campaign_id
      WHERE contact.id = wrapped.contact_id AND contact.state <> 'final'
    )
    SELECT count(*)::int AS wrapped FROM wrapped`;
  return row?.wrapped === 1;
}

/** The calls that were charged to a contact, oldest first. */
export async function listAttempts(db: Db, contactId: bigint): Promise<{ at: Date; disposition: Disposition | null; callback: boolean }[]> {
  const calls = await db.prisma.call.findMany({
    where: { contactId, state: { not: 'released' } },
    orderBy: { attemptNo: 'asc' },
    select: { dialedAt: true, createdAt: true, disposition: true, class: true },
  });
  return calls.map(({ dialedAt, createdAt, disposition, class: rank }) => ({
    at: dialedAt ?? createdAt,
    disposition: disposition as Disposition | null,
    callback: rank === 0,
  }));
}
