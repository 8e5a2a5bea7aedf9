import type { Db } from '../transaction.js';
import type { MediaOwner } from './media-owner.js';

/**
 * Raises the call's epoch to this owner's. `seq` numbers of messages go on from `nextSeq`. `null` when the call is unknown or a later owner
 * has it. The call is open again for what the new owner hears, so wrap-up waits for it; and what its last owner made of its end does not hold any more:
 * neither a failure of ours, after which the person would be called again, nor that we had ended it, or given up its line. A second run with the same epoch changes nothing.
 */
export async function bindMediaEpoch(db: Db, owner: MediaOwner): Promise<{ nextSeq: number } | null> {
  const rows = await db.prisma.$queryRaw<{ nextSeq: number }[]>`
    UPDATE call SET media_epoch = greatest(media_epoch, ${owner.epoch}::int), media_closed_at = NULL,
      disposition = CASE WHEN media_epoch < ${owner.epoch}::int AND wrapped_at IS NULL THEN nullif(disposition, 'network_failure') ELSE disposition END,
      ended_by = CASE WHEN media_epoch < ${owner.epoch}::int AND ended_at IS NULL AND ended_by IN ('agent', 'line_lost') THEN NULL ELSE ended_by END
    WHERE id = ${owner.callId}::uuid AND tenant_id = ${owner.tenantId} AND media_epoch <= ${owner.epoch}::int
    RETURNING (SELECT coalesce(max(m.seq) + 1, 0)::int FROM message m WHERE m.call_id = call.id) AS "nextSeq"`;
  return rows[0] ?? null;
}
