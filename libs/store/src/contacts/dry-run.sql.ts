import type { PoolClient } from 'pg';

/** A place for the numbers of a whole file, seen by this connection only. */
export async function openDryRun(client: PoolClient): Promise<void> {
  await client.query('CREATE TEMP TABLE dry_run_phone (phone_e164 text NOT NULL)');
}

/** Puts the numbers of the staged rows aside. */
export async function keepStagedPhones(client: PoolClient): Promise<void> {
  await client.query('INSERT INTO dry_run_phone SELECT phone_e164 FROM contact_stage');
}

/** Rows whose number the campaign has already, and different numbers that it has not. */
export async function countDryRun(client: PoolClient, { campaignId }: { campaignId: string }): Promise<{ fresh: number; known: number }> {
  await client.query('ANALYZE dry_run_phone');
  const { rows } = await client.query<{ fresh: number; known: number }>(
    `SELECT count(*) FILTER (WHERE contact.id IS NOT NULL)::int AS known,
       count(DISTINCT dry_run_phone.phone_e164) FILTER (WHERE contact.id IS NULL)::int AS fresh
     FROM dry_run_phone LEFT JOIN contact ON contact.campaign_id = $1 AND contact.phone_e164 = dry_run_phone.phone_e164`,
    [campaignId],
  );
  return rows[0] ?? { fresh: 0, known: 0 };
}

/** Also ends a transaction that failed. */
export async function closeDryRun(client: PoolClient): Promise<void> {
  await client.query('ROLLBACK');
  await client.query('DROP TABLE IF EXISTS dry_run_phone');
}
