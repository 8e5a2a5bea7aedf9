import type { Pool, PoolClient } from 'pg';
import { storableText } from '../json.js';

interface ImportRow {
  tenantId: string;
  importId: string;
}

export interface NewImport extends ImportRow {
  campaignId: string;
  fileName: string | null;
  sizeBytes: number | null;
  now: Date;
}

/** False when there is an import of this id already. */
export async function insertImport(pool: Pool, { importId, tenantId, campaignId, fileName, sizeBytes, now }: NewImport): Promise<boolean> {
  const { rowCount } = await pool.query(
    `INSERT INTO contact_import (id, tenant_id, campaign_id, file_name, size_bytes, seen_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (id) DO NOTHING`,
    [importId, tenantId, campaignId, fileName && storableText(fileName.slice(0, 200)), sizeBytes, now],
  );
  return rowCount === 1;
}

export interface ImportStep extends ImportRow {
  total: number;
  imported: number;
  rejected: number;
  duplicates: number;
  repeated: number;
  blacklisted: number;
  readBytes: number;
  now: Date;
}

/** Adds a chunk to the counts, in the transaction of its rows. False when the import does not run any more: it was given up, the rows must not stay. */
export async function addToImport(client: PoolClient, step: ImportStep): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE contact_import SET total = total + $3, imported = imported + $4, rejected = rejected + $5, duplicates = duplicates + $6,
       repeated = repeated + $7, blacklisted = blacklisted + $8, read_bytes = $9, seen_at = $10
     WHERE id = $1 AND tenant_id = $2 AND state = 'running'`,
    [
      step.importId,
      step.tenantId,
      step.total,
      step.imported,
      step.rejected,
      step.duplicates,
      step.repeated,
      step.blacklisted,
      step.readBytes,
      step.now,
    ],
  );
  return rowCount === 1;
}

/** Says that the upload lives, however slowly it comes in. */
export async function touchImport(pool: Pool, { importId, tenantId, now }: ImportRow & { now: Date }): Promise<void> {
  await pool.query("UPDATE contact_import SET seen_at = $3 WHERE id = $1 AND tenant_id = $2 AND state = 'running'", [
    importId,
    tenantId,
    now,
  ]);
}
