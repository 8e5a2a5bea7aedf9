import { bucketFactsOf } from '@carillon/campaigns';
import type { Pool } from 'pg';

interface BucketOwner {
  tenantId: string;
  campaignId: string;
}

/** The ids of a campaign's buckets by their keys; makes those that are missing. Buckets without contacts do no harm. */
export class ContactBuckets {
  readonly #pool: Pool;
  readonly #owner: BucketOwner;
  readonly #ids = new Map<string, number>();

  constructor(pool: Pool, owner: BucketOwner) {
    this.#pool = pool;
    this.#owner = owner;
  }

  async idsOf(keys: readonly string[]): Promise<number[]> {
    const missing = keys.filter((key) => !this.#ids.has(key));
    if (missing.length > 0) await this.#make(missing);
    return keys.map((key) => this.#ids.get(key) ?? 0);
  }

  async #make(keys: readonly string[]): Promise<void> {
    const { tenantId, campaignId } = this.#owner;
    const facts = JSON.stringify(keys.map((key) => ({ key, ...bucketFactsOf(key) })));
    await this.#pool.query(
      `INSERT INTO contact_bucket (tenant_id, campaign_id, key, country, regions, time_zones, consent)
       SELECT $1, $2, key, country, regions, "timeZones", consent
       FROM jsonb_to_recordset($3) AS fact(key text, country text, regions text[], "timeZones" text[], consent text)
       ORDER BY key
       ON CONFLICT (campaign_id, key) DO NOTHING`,
      [tenantId, campaignId, facts],
    );
    const { rows } = await this.#pool.query<{ id: number; key: string }>(
      'SELECT id, key FROM contact_bucket WHERE campaign_id = $1 AND key = ANY($2::text[])',
      [campaignId, keys],
    );
    for (const { id, key } of rows) this.#ids.set(key, id);
  }
}
