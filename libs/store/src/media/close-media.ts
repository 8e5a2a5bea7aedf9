import type { Db } from '../transaction.js';
import type { MediaOwner } from './media-owner.js';

/** Says that the last turn of the call is written; may be said twice. False when a later epoch owns the call. */
export async function closeMedia(
  db: Db,
  owner: MediaOwner,
  outcome: { exchanges: number; agentClosed: boolean; closedAt: Date },
): Promise<boolean> {
  const { count } = await db.prisma.call.updateMany({
    where: { id: owner.callId, tenantId: owner.tenantId, mediaEpoch: owner.epoch },
    data: { exchanges: outcome.exchanges, agentClosed: outcome.agentClosed, mediaClosedAt: outcome.closedAt },
  });
  return count > 0;
}
