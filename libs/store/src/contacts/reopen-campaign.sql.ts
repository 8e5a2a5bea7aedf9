import type { Db } from '../transaction.js';

/** A completed campaign with a contact that waits runs again. */
export async function reopenCampaign(db: Db, key: { tenantId: string; campaignId: string }): Promise<boolean> {
  const reopened = await db.prisma.$executeRaw`
    UPDATE campaign SET status = 'running', completed_at = NULL
    WHERE id = ${key.campaignId}::uuid AND tenant_id = ${key.tenantId} AND status = 'completed'
      AND EXISTS (SELECT FROM contact WHERE campaign_id = campaign.id AND state = 'waiting')`;
  return reopened > 0;
}
