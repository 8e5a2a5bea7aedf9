import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

/**
 * The carrier has put the person through. That outweighs every reason of ours, and is kept apart from how our leg ends, since the carrier's word of that may
 * be lost. Harmless twice. The wrap-up reads it; of a call that was wrapped up by then as a failure of ours, the outcome is put right.
 */
export async function noteTransferred(db: Db, { tenantId, callId }: CallKey, now: Date): Promise<void> {
  const { count } = await db.prisma.call.updateMany({ where: { id: callId, tenantId, wrappedAt: null }, data: { endedBy: 'transferred' } });
  if (count === 0) await putRight(db, { tenantId, callId }, now);
}

/**
 * One statement. The person is not called again for the failure: a contact that waits for a retry (class 1) after this call becomes final. One that waits for a promised callback
 * goes on waiting, one that is in its next call already stays as it is. All figures of dispositions are counted from these rows.
 */
async function putRight(db: Db, { tenantId, callId }: CallKey, now: Date): Promise<void> {
  await rowsOf(
    db,
    Prisma.sql`
    WITH helped AS (
      UPDATE call SET disposition = 'transferred', ended_by = 'transferred'
      WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND wrapped_at IS NOT NULL AND disposition = 'network_failure'
      RETURNING contact_id, attempt_no
    )
    UPDATE contact SET disposition = 'transferred',
      state = CASE WHEN contact.state = 'waiting' AND contact.class = 1 THEN 'final' ELSE contact.state END,
      blocked = CASE WHEN contact.state = 'waiting' AND contact.class = 1 THEN NULL ELSE contact.blocked END,
      final_at = CASE WHEN contact.state = 'waiting' AND contact.class = 1 THEN ${now}::timestamptz ELSE contact.final_at END
    FROM helped
    WHERE contact.id = helped.contact_id AND contact.state IN ('waiting', 'final') AND contact.disposition = 'network_failure'
      AND NOT EXISTS (SELECT FROM call later WHERE later.contact_id = contact.id AND later.attempt_no > helped.attempt_no AND later.state <> 'released')`,
  );
}
