import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';

export interface DueQuery {
  now: Date;
  /** Open buckets with their campaign. */
  buckets: readonly { campaignId: string; id: number }[];
  /** Counts of one bucket and class stop here: what is more does not matter now. */
  most: number;
}

export interface DuePlace {
  bucketId: number;
  /** 0: promised callbacks, 1: retries, 2: those never called. */
  rank: number;
  due: number;
}

/** Contacts that could be dialed now, by campaign: how many in each class of each bucket, in the order of the buckets, callbacks first. Places without any are left out. */
export async function countDue(db: Db, { now, buckets, most }: DueQuery): Promise<Map<string, DuePlace[]>> {
  const places = [0, 1, 2].flatMap((rank) => buckets.map((bucket) => ({ ...bucket, rank })));
  const rows = await rowsOf<DuePlace & { campaignId: string }>(
    db,
    Prisma.sql`
    SELECT place.campaign_id::text AS "campaignId", place.bucket_id AS "bucketId", place.rank, waiting.count::int AS due
    FROM unnest(${places.map(({ campaignId }) => campaignId)}::uuid[], ${places.map(({ id }) => id)}::int[], ${places.map(({ rank }) => rank)}::smallint[])
           WITH ORDINALITY AS place (campaign_id, bucket_id, rank, nth)
    CROSS JOIN LATERAL (
      SELECT count(*) FROM (
        SELECT FROM contact
        WHERE contact.campaign_id = place.campaign_id AND contact.state = 'waiting' AND contact.bucket_id = place.bucket_id AND contact.class = place.rank
          AND contact.next_at <= ${now}::timestamptz
        LIMIT ${most}::int) AS due
    ) AS waiting
    WHERE waiting.count > 0
    ORDER BY place.nth`,
  );
  const byCampaign = new Map<string, DuePlace[]>();
  for (const { campaignId, ...place } of rows) byCampaign.set(campaignId, [...(byCampaign.get(campaignId) ?? []), place]);
  return byCampaign;
}
