import type { ImportView } from '@carillon/contracts';
import type { Store } from '../open-store.js';
import { SHOWN_FAULTS } from './read-block.js';

/** Without paging, as the campaigns. */
const NEWEST = 100;
const COLUMNS = `id, state::text, file_name, size_bytes::float8, read_bytes::float8, total, imported, rejected, duplicates, repeated, blacklisted, failure,
  created_at, finished_at`;

export interface ImportKey {
  tenantId: string;
  campaignId: string;
  importId: string;
}

type ImportRow = Omit<ImportView, 'created_at' | 'finished_at' | 'rows_per_s' | 'eta_ms' | 'errors'> & {
  created_at: Date;
  finished_at: Date | null;
};
type Watched = Pick<Store, 'pool'>;

export async function findImport({ pool }: Watched, { tenantId, campaignId, importId }: ImportKey, now: Date): Promise<ImportView | null> {
  const { rows } = await pool.query<ImportRow>(
    `SELECT ${COLUMNS} FROM contact_import WHERE id = $1 AND tenant_id = $2 AND campaign_id = $3`,
    [importId, tenantId, campaignId],
  );
  const [row] = rows;
  if (!row) return null;
  const { rows: errors } = await pool.query<ImportView['errors'][number]>(
    'SELECT line, "column", reason FROM contact_import_error WHERE import_id = $1 AND tenant_id = $2 ORDER BY line, id LIMIT $3',
    [importId, tenantId, SHOWN_FAULTS],
  );
  return { ...toView(row, now), errors };
}

/** The newest imports of a campaign, newest first, without their refused rows. */
export async function listImports(
  { pool }: Watched,
  { tenantId, campaignId }: Omit<ImportKey, 'importId'>,
  now: Date,
): Promise<ImportView[]> {
  const { rows } = await pool.query<ImportRow>(
    `SELECT ${COLUMNS} FROM contact_import WHERE tenant_id = $1 AND campaign_id = $2 ORDER BY created_at DESC, id DESC LIMIT ${NEWEST}`,
    [tenantId, campaignId],
  );
  return rows.map((row) => toView(row, now));
}

function toView(row: ImportRow, now: Date): ImportView {
  const elapsedMs = (row.finished_at ?? now).getTime() - row.created_at.getTime();
  const isMeasurable = row.state === 'running' && row.size_bytes !== null && row.read_bytes > 0;
  return {
    ...row,
    rows_per_s: elapsedMs > 0 ? Math.round((row.total * 1000) / elapsedMs) : null,
    eta_ms: isMeasurable ? Math.max(0, Math.round((elapsedMs * ((row.size_bytes ?? 0) - row.read_bytes)) / row.read_bytes)) : null,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    errors: [],
  };
}
