import type { Db } from '../transaction.js';

/**
 * The same for those that came back to waiting while their campaign was being cancelled: a dial that was put back, an upload that went on. Up to
 * `limit` of them; harmless when repeated.
 */
export async function finaliseStragglers(db: Db, input: { cancelledAfter: Date; now: Date; limit: number }): Promise<number> {
  return db.prisma.$executeRaw`
    UPDATE contact SET state = 'final', disposition = 'cancelled', final_at = ${input.now}
    WHERE id IN (
      SELECT straggler.id FROM campaign JOIN contact straggler ON straggler.campaign_id = campaign.id AND straggler.state = 'waiting'
      WHERE campaign.status = 'cancelled' AND campaign.completed_at > ${input.cancelledAfter}
      LIMIT ${input.limit}::int FOR UPDATE OF straggler SKIP LOCKED)`;
}

/** Gives contacts of a cancelled campaign that wait, up to `limit` of them, their end, so that the states go on adding up; answers how many. */
export async function finaliseWaitingContacts(
  db: Db,
  input: { tenantId: string; campaignId: string; now: Date; limit?: number },
): Promise<number> {
  return db.prisma.$executeRaw`
    UPDATE contact SET state = 'final', disposition = 'cancelled', blocked = NULL, final_at = ${input.now}
    WHERE id IN (
      SELECT id FROM contact
      WHERE tenant_id = ${input.tenantId} AND campaign_id = ${input.campaignId}::uuid AND state = 'waiting'
      LIMIT ${input.limit ?? null}::int FOR UPDATE SKIP LOCKED)`;
}
