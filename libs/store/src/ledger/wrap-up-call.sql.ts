import type { Disposition } from '@carillon/contracts';
import type { Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

/**
 * The end of an ended call's paperwork: disposition, contact final, person free. Happens once: true for the one caller that did it, false for every
 * later one (compare-and-set on `wrapped_at`).
 */
export async function wrapUpCall(db: Db, { tenantId, callId }: CallKey, disposition: Disposition, now: Date): Promise<boolean> {
  const [row] = await db.prisma.$queryRaw<{ wrapped: number }[]>`
    WITH wrapped AS (
      UPDATE call SET wrapped_at = ${now}::timestamptz, disposition = ${disposition}
      WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND state = 'ended' AND wrapped_at IS NULL
      RETURNING id, contact_id
    ), freed AS (
      DELETE FROM in_flight USING wrapped WHERE in_flight.call_id = wrapped.id
    ), closed AS (
      UPDATE contact SET state = 'final', disposition = ${disposition}, final_at = ${now}::timestamptz
      FROM wrapped WHERE contact.id = wrapped.contact_id AND contact.state <> 'final'
    )
    SELECT count(*)::int AS wrapped FROM wrapped`;
  return row?.wrapped === 1;
}
