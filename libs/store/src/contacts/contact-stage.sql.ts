import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

// Raw pg and not Prisma: COPY is a stream on the connection itself, and what follows it belongs into the same transaction.

export interface StageKey {
  tenantId: string;
  campaignId: string;
  importId: string;
}

/** Rows of one chunk before they become contacts; dropped with the transaction. `bucket` counts from 1 in the chunk's own list. */
export async function openContactStage(client: PoolClient): Promise<void> {
  await client.query(
    'CREATE TEMP TABLE contact_stage (phone_e164 text NOT NULL, bucket int NOT NULL, variables jsonb NOT NULL) ON COMMIT DROP',
  );
}

export function copyToStage(client: PoolClient, rows: Uint8Array): Promise<void> {
  return copy(client, 'COPY contact_stage (phone_e164, bucket, variables) FROM STDIN', rows);
}

/** Refused rows, with the columns `line`, `column`, `reason`, `row`. */
export async function copyRefused(client: PoolClient, { tenantId, importId }: StageKey, rows: Uint8Array): Promise<void> {
  await client.query('CREATE TEMP TABLE refused_stage (line int, "column" text, reason text, "row" jsonb) ON COMMIT DROP');
  await copy(client, 'COPY refused_stage FROM STDIN', rows);
  await client.query(
    `INSERT INTO contact_import_error (tenant_id, import_id, line, "column", reason, "row")
     SELECT $1, $2, line, "column", reason, "row" FROM refused_stage`,
    [tenantId, importId],
  );
}

async function copy(client: PoolClient, statement: string, rows: Uint8Array): Promise<void> {
  await pipeline([rows], client.query(copyFrom(statement)));
}

/** Takes people who must not be called out of the stage, and answers how many rows those were. */
export async function unstageBlacklisted(
  client: PoolClient,
  { tenantId, campaignId }: Omit<StageKey, 'importId'>,
  now: Date,
): Promise<number> {
  const { rowCount } = await client.query(
    `DELETE FROM contact_stage USING blacklist_entry entry
     WHERE entry.phone_e164 = contact_stage.phone_e164 AND entry.tenant_id IN ('*', $1) AND entry.scope IN ('*', $2)
       AND (entry.expires_at IS NULL OR entry.expires_at > $3)`,
    [tenantId, campaignId, now],
  );
  return rowCount ?? 0;
}

export interface NewContacts extends StageKey {
  /** Ids of the chunk's buckets, in the order in which the stage counts them. */
  bucketIds: readonly number[];
  traceparent: string | null;
  now: Date;
}

/**
 * Makes contacts of the staged rows whose numbers the campaign does not have yet, in their order. Answers how many those were, how many numbers
 * came before in this import (an earlier chunk or this one), and how many the campaign had otherwise. Two imports into one campaign take turns: they
 * would otherwise wait for each other's numbers in different orders.
 */
export async function insertStaged(client: PoolClient, input: NewContacts): Promise<{ imported: number; repeated: number; known: number }> {
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('contact_import ' || $1, 0))", [input.campaignId]);
  const { rows } = await client.query<{ staged: number; imported: number; known: number }>(
    `WITH added AS (
       INSERT INTO contact (tenant_id, campaign_id, import_id, bucket_id, phone_e164, variables, next_at, traceparent, created_at)
       SELECT $1, $2::uuid, $3::uuid, ($4::int[])[bucket], phone_e164, variables, $5, $6, $5 FROM contact_stage
       ON CONFLICT (campaign_id, phone_e164) DO NOTHING
       RETURNING phone_e164
     ), left_over AS MATERIALIZED (
       SELECT phone_e164 FROM contact_stage WHERE NOT EXISTS (SELECT FROM added WHERE added.phone_e164 = contact_stage.phone_e164)
     )
     SELECT (SELECT count(*)::int FROM contact_stage) AS staged, (SELECT count(*)::int FROM added) AS imported,
       (SELECT count(*)::int FROM left_over
        WHERE (SELECT import_id FROM contact WHERE campaign_id = $2::uuid AND contact.phone_e164 = left_over.phone_e164) IS DISTINCT FROM $3::uuid) AS known`,
    [input.tenantId, input.campaignId, input.importId, input.bucketIds, input.now, input.traceparent],
  );
  const { staged = 0, imported = 0, known = 0 } = rows[0] ?? {};
  return { imported, known, repeated: staged - imported - known };
}
