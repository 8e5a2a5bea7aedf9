import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';

export interface DueQuery {
  now: Date;
  /** Open buckets with their campaign. */
  buckets: readonly { campaignId: string; id: number }[];
  /** Counts of one bucket and class stop here: what is more does not matter now. */
  most: number;
}

/** Contacts that could be dialed now, by campaign, and how many of them wait for a callback that they were promised. */
export async function countDue(db: Db, { now, buckets, most }: DueQuery): Promise<Map<string, { due: number; callbacks: number }>> {
  const places = [0, 1, 2].flatMap((rank) => buckets.map((bucket) => ({ ...bucket, rank })));
  const rows = await rowsOf<{ campaignId: string; due: number; callbacks: number }>(
    db,
    Prisma.sql`
    SELECT place.campaign_id::text AS "campaignId", sum(waiting.count)::int AS due, coalesce(sum(waiting.count) FILTER (WHERE place.rank = 0), 0)::int AS callbacks
    FROM unnest(${places.map(({ campaignId }) => campaignId)}::uuid[], ${places.map(({ id }) => id)}::int[], ${places.map(({ rank }) => rank)}::smallint[])
           AS place (campaign_id, bucket_id, rank)
    CROSS JOIN LATERAL (
      SELECT count(*) FROM (
        SELECT FROM contact
        WHERE contact.campaign_id = place.campaign_id AND contact.state = 'waiting' AND contact.bucket_id = place.bucket_id AND contact.class = place.rank
          AND contact.next_at <= ${now}::timestamptz
        LIMIT ${most}::int) AS due
    ) AS waiting
    GROUP BY place.campaign_id`,
  );
  return new Map(rows.map(({ campaignId, ...counts }) => [campaignId, counts]));
}
