import type { Db } from '../transaction.js';

/** Gives every contact of a cancelled campaign that waits its end, so that the states go on adding up. */
export async function finaliseWaitingContacts(db: Db, input: { tenantId: string; campaignId: string; now: Date }): Promise<number> {
  return db.prisma.$executeRaw`
    UPDATE contact SET state = 'final', disposition = 'cancelled', final_at = ${input.now}
    WHERE tenant_id = ${input.tenantId} AND campaign_id = ${input.campaignId}::uuid AND state = 'waiting'`;
}
