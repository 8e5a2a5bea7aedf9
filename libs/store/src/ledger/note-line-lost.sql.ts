import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

/** A call as it was when its line was found to be lost. */
export interface LostLine extends CallKey {
  mediaEpoch: number;
  mediaClosedAt: Date | null;
}

/**
 * Says that we are about to hang up for a lost line, if it still is: no media worker has taken the call since it was seen, or let go of it anew, nothing was said in it
 * since `quietSince`, and no news of the carrier waits to be applied. `standing`: it is lost, and a reason was there already, which stays. A worker that takes the call
 * later takes the reason back (bind-media-epoch.sql.ts).
 */
export async function noteLineLost(
  db: Db,
  { tenantId, callId, mediaEpoch, mediaClosedAt }: LostLine,
  quietSince: Date,
): Promise<'noted' | 'standing' | 'not_lost'> {
  const [lost] = await rowsOf<{ isFirst: boolean }>(
    db,
    Prisma.sql`
    WITH lost AS (
      SELECT id, ended_by FROM call
      WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND state IN ('placed', 'ringing', 'answered') AND wrapped_at IS NULL
        AND media_epoch = ${mediaEpoch}::int AND media_closed_at IS NOT DISTINCT FROM ${mediaClosedAt}::timestamptz
        AND NOT EXISTS (SELECT FROM message WHERE message.call_id = call.id AND message.created_at > ${quietSince}::timestamptz)
        AND NOT EXISTS (SELECT FROM carrier_event event WHERE event.call_id = call.id AND event.processed_at IS NULL)
      FOR UPDATE
    ), noted AS (
      UPDATE call SET ended_by = 'line_lost' FROM lost WHERE call.id = lost.id AND lost.ended_by IS NULL
    )
    SELECT ended_by IS NULL AS "isFirst" FROM lost`,
  );
  if (!lost) return 'not_lost';
  return lost.isFirst ? 'noted' : 'standing';
}

export interface SentCall extends LostLine {
  carrierCallId: string | null;
}

/** A page of the calls that were sent and are not over, by id: those after `after`, or the first. */
export function listSentCalls(db: Db, after: string | null, limit: number): Promise<SentCall[]> {
  return rowsOf<SentCall>(
    db,
    Prisma.sql`
    WITH open AS MATERIALIZED ( -- by the index of open calls, not through all that ever were
      SELECT * FROM call WHERE wrapped_at IS NULL AND state IN ('dialing', 'unknown', 'placed', 'ringing', 'answered')
    )
    SELECT tenant_id AS "tenantId", id::text AS "callId", carrier_call_id AS "carrierCallId", media_epoch AS "mediaEpoch", media_closed_at AS "mediaClosedAt"
    FROM open WHERE id > coalesce(${after}::uuid, '00000000-0000-0000-0000-000000000000')
    ORDER BY id LIMIT ${limit}::int`,
  );
}
