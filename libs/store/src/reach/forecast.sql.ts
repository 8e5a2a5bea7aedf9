import type { Disposition } from '@carillon/contracts';
import type { Db } from '../transaction.js';

interface CampaignKey {
  tenantId: string;
  campaignId: string;
}

export interface WaitingGroup {
  bucketId: number;
  class: number;
  /** The end of the hour in which they are due; null: they are due now. */
  dueAt: Date | null;
  contacts: number;
}

/** Contacts that wait, by bucket, class and hour. Reads every one of them: a second for a million. */
export function countWaiting(db: Db, { tenantId, campaignId, now }: CampaignKey & { now: Date }): Promise<WaitingGroup[]> {
  return db.prisma.$queryRaw<WaitingGroup[]>`
    SELECT bucket_id AS "bucketId", class, due_at AS "dueAt", count(*)::int AS contacts
    FROM (
      SELECT bucket_id, class, CASE WHEN next_at > ${now}::timestamptz THEN date_trunc('hour', next_at) + interval '1 hour' END AS due_at
      FROM contact WHERE tenant_id = ${tenantId} AND campaign_id = ${campaignId}::uuid AND state = 'waiting'
    ) AS waiting
    GROUP BY bucket_id, class, due_at`;
}

export interface CallRates {
  calls: number;
  answered: number;
  /** Answered calls in which a person spoke with us. */
  conversations: number;
  /** Averages, milliseconds; null where there is nothing to average. */
  ringMs: number | null;
  talkMs: number | null;
  outcomes: Partial<Record<Disposition, number>>;
}

/** How the calls of a campaign since then came out. */
export async function measureCalls(db: Db, { tenantId, campaignId, since }: CampaignKey & { since: Date }): Promise<CallRates> {
  const [row] = await db.prisma.$queryRaw<CallRates[]>`
    WITH over AS (
      SELECT disposition, answered_at, exchanges > 0 AND coalesce(disposition, '') NOT IN ('voicemail', 'message_left') AS spoke, extract(epoch FROM coalesce(answered_at, ended_at) - dialed_at) * 1000 AS ring_ms,
             extract(epoch FROM ended_at - answered_at) * 1000 AS talk_ms
      FROM call
      WHERE tenant_id = ${tenantId} AND campaign_id = ${campaignId}::uuid AND created_at > ${since}::timestamptz AND state = 'ended' AND dialed_at IS NOT NULL
    )
    SELECT count(*)::int AS calls, count(answered_at)::int AS answered,
           (count(answered_at) FILTER (WHERE spoke))::int AS conversations, avg(ring_ms)::float8 AS "ringMs", avg(talk_ms)::float8 AS "talkMs",
           coalesce((SELECT jsonb_object_agg(disposition, calls) FROM (SELECT disposition, count(*) AS calls FROM over WHERE disposition IS NOT NULL GROUP BY disposition) AS by_outcome),
                    '{}') AS outcomes
    FROM over`;
  return row ?? { calls: 0, answered: 0, conversations: 0, ringMs: null, talkMs: null, outcomes: {} };
}
