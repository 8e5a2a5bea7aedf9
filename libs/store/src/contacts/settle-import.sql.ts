import type { Pool } from 'pg';
import type { ImportKey } from './find-import.sql.js';
import { inPoolTransaction } from './pool-transaction.js';

interface ImportEnd extends ImportKey {
  failure: string | null;
  readBytes: number;
  now: Date;
}

/**
 * Ends the import. While it ran, the campaign may have completed (every contact so far was called) or been cancelled: it then goes on with
 * the new contacts, or those end as cancelled. No contact waits in a campaign that is over. An import that was given up meanwhile stays so.
 */
export function settleImport(pool: Pool, { tenantId, campaignId, importId, failure, readBytes, now }: ImportEnd): Promise<void> {
  return inPoolTransaction(pool, async (client) => {
    await client.query(
      `UPDATE contact_import SET state = CASE WHEN $3::text IS NULL THEN 'done' ELSE 'failed' END::"ImportState", failure = $3, read_bytes = $4, finished_at = $5
       WHERE id = $1 AND tenant_id = $2 AND state = 'running'`,
      [importId, tenantId, failure, readBytes, now],
    );
    await client.query(
      `UPDATE campaign SET status = 'running', completed_at = NULL, version = version + 1
       WHERE id = $1 AND tenant_id = $2 AND status = 'completed' AND (ends_at IS NULL OR ends_at > $3) AND EXISTS (SELECT FROM contact WHERE campaign_id = campaign.id AND state = 'waiting')`,
      [campaignId, tenantId, now],
    );
    await client.query(
      `UPDATE contact SET state = 'final', disposition = 'cancelled', final_at = $3
       WHERE campaign_id = $1 AND tenant_id = $2 AND state = 'waiting' AND EXISTS (SELECT FROM campaign WHERE id = $1 AND status = 'cancelled')`,
      [campaignId, tenantId, now],
    );
  });
}
