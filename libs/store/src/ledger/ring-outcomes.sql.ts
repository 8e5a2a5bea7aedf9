import type { Db } from '../transaction.js';

/** How one dialed phone came out: answered, or not. */
export interface RingRow {
  callId: string;
  campaignId: string;
  dialedAt: Date;
  answeredAt: Date | null;
  /** Null while somebody is spoken with. */
  wrappedAt: Date | null;
  endedAt: Date | null;
}

/** Calls of some campaigns that are talking, or were wrapped up since then: what pacing has to learn from, oldest first. */
export function listRingOutcomes(db: Db, campaignIds: readonly string[], since: Date, limit: number): Promise<RingRow[]> {
  return db.prisma.$queryRaw<RingRow[]>`
    SELECT id::text AS "callId", campaign_id::text AS "campaignId", dialed_at AS "dialedAt", answered_at AS "answeredAt", wrapped_at AS "wrappedAt",
           ended_at AS "endedAt"
    FROM call
    WHERE campaign_id = ANY (${campaignIds}::uuid[]) AND dialed_at IS NOT NULL AND state IN ('answered', 'ended')
      AND ((wrapped_at IS NULL AND answered_at IS NOT NULL) OR wrapped_at > ${since}::timestamptz)
    ORDER BY wrapped_at NULLS LAST LIMIT ${limit}::int`;
}

/** Calls of a campaign since then that somebody answered, not a machine, and those of them that found no slot. */
export async function countAbandoned(db: Db, campaignId: string, since: Date): Promise<{ answered: number; abandoned: number }> {
  const [row] = await db.prisma.$queryRaw<{ answered: number; abandoned: number }[]>`
    SELECT count(*)::int AS answered, (count(*) FILTER (WHERE disposition = 'abandoned'))::int AS abandoned
    FROM call WHERE campaign_id = ${campaignId}::uuid AND created_at > ${since}::timestamptz AND answered_at IS NOT NULL
      AND (disposition IS NULL OR disposition NOT IN ('voicemail', 'message_left'))`;
  return row ?? { answered: 0, abandoned: 0 };
}
