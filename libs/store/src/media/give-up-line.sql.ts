import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';
import type { MediaOwner } from './media-owner.js';

/**
 * What comes of a call whose line was lost and did not come back. `lost`: that is why it ends now, and its owner is to hang up. `ending`: our books have a
 * reason already, and a hang-up harms nobody. `left`: it is over, another worker has it, or it may be neither lost nor open: somebody else has the person,
 * or the inbox holds news of it, perhaps of its end. What is open all the same is the reaper's.
 */
export type LineGivenUp = 'lost' | 'ending' | 'left';

/**
 * Says before we hang up that the line was lost: the carrier's result cannot tell our reasons apart. The first reason stays. Also for an owner that could not
 * write before.
 */
export async function giveUpLine(db: Db, { tenantId, callId, epoch }: MediaOwner): Promise<LineGivenUp> {
  const [row] = await rowsOf<{ lost: boolean }>(
    db,
    Prisma.sql`
    WITH open AS (
      SELECT id, ended_by FROM call
      WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND media_epoch <= ${epoch}::int
        AND ended_at IS NULL AND wrapped_at IS NULL AND ended_by IS DISTINCT FROM 'transferred'
        AND NOT EXISTS (
          SELECT FROM carrier_event event
          WHERE event.call_id = call.id AND event.tenant_id = call.tenant_id AND event.processed_at IS NULL
        )
      FOR UPDATE
    ), noted AS (
      UPDATE call SET ended_by = 'line_lost' FROM open WHERE call.id = open.id AND open.ended_by IS NULL RETURNING call.id
    )
    SELECT EXISTS (SELECT FROM noted) AS lost FROM open`,
  );
  if (row === undefined) return 'left';
  return row.lost ? 'lost' : 'ending';
}
