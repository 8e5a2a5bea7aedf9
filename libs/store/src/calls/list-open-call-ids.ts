import type { Db } from '../transaction.js';

/** Calls of the campaign that have not ended: at most as many as may be open at one time. */
export async function listOpenCallIds(db: Db, key: { tenantId: string; campaignId: string }): Promise<string[]> {
  const calls = await db.prisma.call.findMany({
    where: { tenantId: key.tenantId, campaignId: key.campaignId, state: { notIn: ['ended', 'released'] } },
    select: { id: true },
  });
  return calls.map(({ id }) => id);
}
