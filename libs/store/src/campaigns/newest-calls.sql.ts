import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';

/** The newest call of each campaign that runs, the campaigns that began last first: what is said in it is said in the next ones too. */
export function listNewestCalls(db: Db, limit: number): Promise<{ tenantId: string; callId: string }[]> {
  return rowsOf<{ tenantId: string; callId: string }>(
    db,
    Prisma.sql`
    SELECT campaign.tenant_id AS "tenantId", newest.id::text AS "callId"
    FROM campaign CROSS JOIN LATERAL (
      SELECT id FROM call WHERE call.campaign_id = campaign.id ORDER BY created_at DESC LIMIT 1
    ) AS newest
    WHERE campaign.status = 'running' ORDER BY campaign.started_at DESC LIMIT ${limit}::int`,
  );
}
