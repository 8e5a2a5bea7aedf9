import type { Db } from '../transaction.js';

/** When an open call is over at the latest, by its ring timeout and its longest duration; null when there is no such call any more. */
export async function latestEndOfCall(db: Db, { tenantId, callId }: { tenantId: string; callId: string }): Promise<Date | null> {
  const [row] = await db.prisma.$queryRaw<{ endsAt: Date }[]>`
    SELECT CASE
             WHEN ended_at IS NOT NULL THEN ended_at
             WHEN answered_at IS NOT NULL THEN answered_at + make_interval(secs => max_call_ms / 1000.0)
             ELSE coalesce(placed_at, dialed_at, not_after) + make_interval(secs => (ring_timeout_ms + max_call_ms) / 1000.0)
           END AS "endsAt"
    FROM call WHERE id = ${callId}::uuid AND tenant_id = ${tenantId}`;
  return row?.endsAt ?? null;
}
