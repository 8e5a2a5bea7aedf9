import type { Db } from '../transaction.js';
import type { ImportKey } from './find-import.sql.js';

/** Contacts looked at per statement: a tenth of a second. */
const BATCH = 10_000;

/**
 * Deletes the contacts of an import that were never called, among the next batch of the campaign's contacts after the id `after`. `last` is where to go on, null at
 * the end. A contact that is claimed meanwhile stays: the state is looked at again once its row is free.
 */
export async function deleteUncalled(db: Db, key: ImportKey & { after: bigint }): Promise<{ deleted: number; last: bigint | null }> {
  const [row] = await db.prisma.$queryRaw<{ deleted: number; last: bigint | null }[]>`
    WITH batch AS MATERIALIZED (
      SELECT id, import_id FROM contact
      WHERE campaign_id = ${key.campaignId}::uuid AND tenant_id = ${key.tenantId} AND id > ${key.after}
      ORDER BY id LIMIT ${BATCH}::int
    ), deleted AS (
      DELETE FROM contact USING batch
      WHERE contact.id = batch.id AND batch.import_id = ${key.importId}::uuid AND contact.state IN ('waiting', 'final')
        AND NOT EXISTS (SELECT FROM call WHERE call.contact_id = contact.id AND call.state <> 'released')
      RETURNING contact.id
    )
    SELECT (SELECT count(*)::int FROM deleted) AS deleted, (SELECT max(id) FROM batch) AS last`;
  return row ?? { deleted: 0, last: null };
}
