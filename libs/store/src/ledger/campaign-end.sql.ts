import type { Db } from '../transaction.js';

export interface CampaignKey {
  tenantId: string;
  campaignId: string;
}

/**
 * Completes the running campaigns whose contacts are all final, and answers them; `only` looks at one. A campaign without contacts, or with an import
 * that still runs, is not complete. To be called after the commit of the last contact: two last ones at once would not see each other before.
 */
export function completeCampaigns(db: Db, now: Date, only: string | null = null): Promise<CampaignKey[]> {
  return db.prisma.$queryRaw<CampaignKey[]>`
    UPDATE campaign SET status = 'completed', completed_at = ${now}::timestamptz
    WHERE status = 'running' AND (${only}::uuid IS NULL OR id = ${only}::uuid)
      AND EXISTS (SELECT FROM contact WHERE contact.campaign_id = campaign.id)
      AND NOT EXISTS (SELECT FROM contact WHERE contact.campaign_id = campaign.id AND contact.state IN ('waiting', 'reserved', 'in_flight', 'reconciling'))
      AND NOT EXISTS (SELECT FROM contact_import WHERE contact_import.campaign_id = campaign.id AND contact_import.state = 'running')
    RETURNING tenant_id AS "tenantId", id::text AS "campaignId"`;
}

/** Stops a running campaign from dialing; open calls go on. False when it did not run. */
export async function pauseCampaign(db: Db, { tenantId, campaignId }: CampaignKey): Promise<boolean> {
  const { count } = await db.prisma.campaign.updateMany({
    where: { id: campaignId, tenantId, status: 'running' },
    data: { status: 'paused' },
  });
  return count > 0;
}
