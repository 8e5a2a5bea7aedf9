import { randomUUID } from 'node:crypto';

import { Client } from 'pg';
import { EVERY_RULE } from './settings.js';

const CONTACTS = 60_000;
const BLACKLISTED = 100_000;
const NUMBERS = 20;
const EARLIER_CALLS = 20_000;

/** A running campaign with every kind of rule in force, and what the rules look at: a blacklist, numbers with caps, people who were called before. */
export async function fillCampaign(databaseUrl: string): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    const campaignId = randomUUID();
    await client.query(`UPDATE tenant SET settings = $1`, [
      {
        time_zone: 'UTC',
        max_concurrent: 100_000,
        calls_per_second: 1_000,
        daily_cap: 1_000_000,
        countries: { US: { calls_per_second: 1_000, max_concurrent: null } },
        policies: [],
      },
    ]);
    await client.query(
      `INSERT INTO campaign (id, tenant_id, name, status, policies, default_region, initiate, max_concurrent, ring_timeout_ms, max_call_ms, settings, started_at)
       VALUES ($1, 'default', 'bench', 'running', '{us-federal,us-strict-states}', 'US', $2, 100000, 120000, 900000, $3, now())`,
      [campaignId, INITIATE, EVERY_RULE],
    );
    const bucket = await client.query<{ id: number }>(
      `INSERT INTO contact_bucket (tenant_id, campaign_id, key, country, regions, time_zones, consent)
       VALUES ('default', $1, 'bench', 'US', '{CA}', $2, 'express_written') RETURNING id`,
      [campaignId, [zoneAtNoon(new Date())]],
    );
    await client.query(
      `INSERT INTO contact (tenant_id, campaign_id, bucket_id, phone_e164, variables, next_at)
       SELECT 'default', $1, $2, '+1415' || (2000000 + n), '{"name": "Jane"}', now() FROM generate_series(1, ${CONTACTS}) AS n`,
      [campaignId, bucket.rows[0]?.id],
    );
    await client.query(
      `INSERT INTO blacklist_entry (tenant_id, phone_e164, reason, source) SELECT 'default', '+1416' || (2000000 + n), 'bench', 'import' FROM generate_series(1, ${BLACKLISTED}) AS n`,
    );
    await client.query(
      `INSERT INTO caller_number (tenant_id, phone_e164, country, region, max_concurrent, daily_cap)
       SELECT 'default', '+1415555' || (1000 + n), 'US', 'CA', 10000, 50000 FROM generate_series(1, ${NUMBERS}) AS n`,
    );
    await addEarlierCalls(client);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

/** One call of two weeks ago to every third contact: the caps have something to count. */
async function addEarlierCalls(client: Client): Promise<void> {
  await client.query(
    `WITH talk AS (
       INSERT INTO conversation (id, tenant_id, phone_e164, initiate) SELECT gen_random_uuid(), 'default', '+1415' || (2000000 + 3 * n), '{}' FROM generate_series(1, ${EARLIER_CALLS}) AS n
       RETURNING id, phone_e164
     )
     INSERT INTO call (id, tenant_id, conversation_id, attempt_no, phone_e164, state, not_after, ring_timeout_ms, max_call_ms, created_at, dialed_at, ended_at, wrapped_at, disposition)
     SELECT gen_random_uuid(), 'default', id, 1, phone_e164, 'ended', now(), 30000, 900000, past, past, past, past, 'no_answer' FROM talk, (SELECT now() - interval '14 days' AS past)`,
  );
}

/** Where it is about noon now, so that the windows of the law are open whenever the bench runs. */
function zoneAtNoon(now: Date): string {
  const offset = 12 - now.getUTCHours();
  if (offset === 0) return 'Etc/GMT';
  return offset > 0 ? `Etc/GMT-${offset}` : `Etc/GMT+${-offset}`; // the signs of these names are the other way round
}

const INITIATE = {
  ...{ bot_company: 'Example', bot_name: 'Ada', agent_phone_number: '+14155550199', task: 'Ask.', claim: [], prosody_rate: 1 },
  lang: {
    default_short_code: 'en-US',
    availables: [{ short_code: 'en-US', voice: 'en-US-ShimmerTurboMultilingualNeural', pronunciations_en: [] }],
  },
};
