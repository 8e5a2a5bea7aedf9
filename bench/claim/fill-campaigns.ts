import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';

export interface FilledCampaign {
  campaignId: string;
  /** Buckets whose window is open; the others are shut. */
  openBuckets: number[];
}

/** As many as the states of a country have, zones and consents counted in. Half of them are open. */
const BUCKETS = 40;
const OPEN = BUCKETS / 2;
/** Nobody is in two of the campaigns: a person who is in a call is not claimed again. */
const PHONES_APART = 1_000_000_000;
/** No divisor in common with the above: the numbers of a list come in no order, and none twice. */
const SHUFFLE = 387_420_489;

/** Running campaigns of these sizes: half of the contacts in shut buckets; of the others four in five at a cap, put off until tomorrow, and one in five due. */
export async function fillCampaigns(client: Client, sizes: readonly number[]): Promise<FilledCampaign[]> {
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'contact' AND indexname <> 'contact_pkey'`,
  );
  for (const { name } of indexes) await client.query(`DROP INDEX "${name}"`);
  const filled: FilledCampaign[] = [];
  for (const size of sizes) filled.push(await fill(client, size, filled.length * PHONES_APART));
  process.stderr.write('indexes\n');
  for (const { definition } of indexes) await client.query(definition);
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
  return filled;
}

async function fill(client: Client, size: number, firstPhone: number): Promise<FilledCampaign> {
  process.stderr.write(`${size} contacts\n`);
  const campaignId = randomUUID();
  await client.query(
    `INSERT INTO campaign (id, tenant_id, name, status, policies, default_region, initiate, max_concurrent, ring_timeout_ms, max_call_ms)
     VALUES ($1, 'default', 'bench', 'running', '{none}', 'US', '{"bot_name": "Ada"}', 10000, 30000, 900000)`,
    [campaignId],
  );
  const { rows: buckets } = await client.query<{ id: number }>(
    `INSERT INTO contact_bucket (tenant_id, campaign_id, key, country, regions, time_zones)
     SELECT 'default', $1, n::text, 'US', '{}', '{America/New_York}' FROM generate_series(1, ${BUCKETS}) AS n RETURNING id`,
    [campaignId],
  );
  const first = buckets[0]?.id ?? 0;
  // n % 40 is the bucket, the first half of them open; n / 40 % 5 tells who of a bucket is due
  await client.query(
    `INSERT INTO contact (tenant_id, campaign_id, bucket_id, phone_e164, variables, next_at, blocked)
     SELECT 'default', $1, $2 + n % ${BUCKETS}, '+1' || (2000000000 + $4::bigint + n::bigint * ${SHUFFLE} % ${PHONES_APART}), '{"name": "Jane"}',
            CASE WHEN n % ${BUCKETS} < ${OPEN} AND n / ${BUCKETS} % 5 <> 0 THEN now() + interval '1 day' ELSE now() - interval '1 minute' END,
            CASE WHEN n % ${BUCKETS} < ${OPEN} AND n / ${BUCKETS} % 5 <> 0 THEN 'person_cap' END
     FROM generate_series(1, $3::int) AS n`,
    [campaignId, first, size, firstPhone],
  );
  return { campaignId, openBuckets: buckets.slice(0, OPEN).map(({ id }) => id) };
}
