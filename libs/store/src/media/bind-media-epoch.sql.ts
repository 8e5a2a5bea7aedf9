import type { Db } from '../transaction.js';
import type { MediaOwner } from './media-owner.js';

/**
 * Raises the call's epoch to this owner's. `seq` numbers of messages go on from `nextSeq`. `null` when the call is unknown or a later owner
 * has it. The call is open again for what the new owner hears, so wrap-up waits for it. A second run with the same epoch changes nothing.
 */
export async function bindMediaEpoch(db: Db, owner: MediaOwner): Promise<{ nextSeq: number } | null> {
  const rows = await db.prisma.$queryRaw<{ nextSeq: number }[]>`
    UPDATE call SET media_epoch = greatest(media_epoch, ${owner.epoch}::int), media_closed_at = NULL
    WHERE id = ${owner.callId}::uuid AND tenant_id = ${owner.tenantId} AND media_epoch <= ${owner.epoch}::int
    RETURNING (SELECT coalesce(max(m.seq) + 1, 0)::int FROM message m WHERE m.call_id = call.id) AS "nextSeq"`;
  return rows[0] ?? null;
}
