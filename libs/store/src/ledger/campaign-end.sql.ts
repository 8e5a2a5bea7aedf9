import { Prisma } from '../generated/client.js';
import type { Store } from '../open-store.js';
import { inTransaction, rowsOf, type Db } from '../transaction.js';

export interface CampaignKey {
  tenantId: string;
  campaignId: string;
}

/** Nobody is left to be called: by contacts, and by imports that would bring more. */
const ALL_FINAL = Prisma.sql`status = 'running'
        AND EXISTS (SELECT FROM contact WHERE contact.campaign_id = campaign.id)
        AND NOT EXISTS (SELECT FROM contact WHERE contact.campaign_id = campaign.id AND contact.state IN ('waiting', 'reserved', 'in_flight', 'reconciling'))
        AND NOT EXISTS (SELECT FROM contact_import WHERE contact_import.campaign_id = campaign.id AND contact_import.state = 'running')`;

/**
 * Completes the running campaigns whose contacts are all final, and answers them; `only` looks at one. A campaign without contacts, or with an import
 * that still runs, is not complete. To be called after the commit of the last contact: two last ones at once would not see each other before.
 * Who brings a contact back locks its campaign first (`lockCampaignOf`), and so does this: one of the two sees what the other has done.
 */
export async function completeCampaigns(store: Store, now: Date, only: string | null = null): Promise<CampaignKey[]> {
  const found = await rowsOf<{ id: string }>(
    store,
    Prisma.sql`SELECT id::text AS id FROM campaign WHERE (${only}::uuid IS NULL OR id = ${only}::uuid) AND ${ALL_FINAL}`,
  );
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  return inTransaction(store, async (transaction) => {
    await transaction.prisma.$executeRaw`SELECT FROM campaign WHERE id = ANY (${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
    // Another statement, for its own look at the contacts: that of a statement which has waited for a lock is as old as its beginning.
    return completeLocked(transaction, ids, now);
  });
}

function completeLocked(transaction: Db, ids: readonly string[], now: Date): Promise<CampaignKey[]> {
  return rowsOf<CampaignKey>(
    transaction,
    Prisma.sql`
    WITH done AS (
      UPDATE campaign SET status = 'completed', completed_at = ${now}::timestamptz, version = version + 1
      WHERE id = ANY (${ids}::uuid[]) AND ${ALL_FINAL}
      RETURNING tenant_id, id
    ), noted AS (
      INSERT INTO audit_entry (tenant_id, at, actor, action, subject, subject_id, changes)
      SELECT tenant_id, ${now}::timestamptz, 'engine', 'complete', 'campaign', id::text, '{"status": {"from": "running", "to": "completed"}}' FROM done
    )
    SELECT tenant_id AS "tenantId", id::text AS "campaignId" FROM done`,
  );
}

/** Until the transaction ends the contact's campaign does not complete, end or stop; whoever looks at its status from here on sees the one that holds. */
export async function lockCampaignOf(transaction: Db, { tenantId, contactId }: { tenantId: string; contactId: string }): Promise<void> {
  await transaction.prisma.$executeRaw`
    SELECT FROM campaign
    WHERE tenant_id = ${tenantId} AND id = (SELECT campaign_id FROM contact WHERE id = ${BigInt(contactId)}::bigint AND tenant_id = ${tenantId})
    FOR SHARE`;
}

/** Stops a running campaign from dialing, and says why; open calls go on. False when it did not run. */
export async function pauseCampaign(db: Db, { tenantId, campaignId }: CampaignKey, reason: string, now: Date): Promise<boolean> {
  const paused = await rowsOf<CampaignKey>(
    db,
    Prisma.sql`
    WITH paused AS (
      UPDATE campaign SET status = 'paused', held_reason = ${reason}, version = version + 1
      WHERE id = ${campaignId}::uuid AND tenant_id = ${tenantId} AND status = 'running' RETURNING tenant_id, id
    ), noted AS (
      INSERT INTO audit_entry (tenant_id, at, actor, action, subject, subject_id, changes)
      SELECT tenant_id, ${now}::timestamptz, 'engine', 'pause', 'campaign', id::text,
             jsonb_build_object('status', jsonb_build_object('from', 'running', 'to', 'paused'), 'held_reason', jsonb_build_object('from', NULL, 'to', ${reason}::text))
      FROM paused
    )
    SELECT tenant_id AS "tenantId", id::text AS "campaignId" FROM paused`,
  );
  return paused.length > 0;
}

/** Running campaigns whose budget does not pay for one more call, if it costs as much as it can, and that have no call open any more. */
export function listSpentCampaigns(db: Db): Promise<CampaignKey[]> {
  return rowsOf<CampaignKey>(
    db,
    Prisma.sql`
    SELECT tenant_id AS "tenantId", id::text AS "campaignId"
    FROM (
      SELECT *, (settings #>> '{budget,amount}')::float8 * 1e6 AS limit_micros,
             ((settings #>> '{budget,cost_per_call}')::float8 + (settings #>> '{budget,cost_per_minute}')::float8 * ceil(max_call_ms / 60000.0)) * 1e6 AS dearest_micros
      FROM campaign WHERE status = 'running' AND settings ->> 'budget' IS NOT NULL
    ) AS budgeted
    WHERE spent_micros + dearest_micros > limit_micros
      AND NOT EXISTS (SELECT FROM call WHERE call.wrapped_at IS NULL AND call.campaign_id = budgeted.id)`,
  );
}

/** The calls of a campaign get through again. */
export async function endHold(db: Db, { tenantId, campaignId }: CampaignKey): Promise<void> {
  await db.prisma.campaign.updateMany({
    where: { id: campaignId, tenantId, status: 'running' },
    data: { heldUntil: null, heldReason: null },
  });
}

/** Holds a campaign's dialing until an instant, and says why; it goes on by itself then. */
export async function holdCampaign(db: Db, { tenantId, campaignId }: CampaignKey, until: Date, reason: string): Promise<void> {
  await db.prisma.campaign.updateMany({
    where: { id: campaignId, tenantId, status: 'running' },
    data: { heldUntil: until, heldReason: reason },
  });
}
