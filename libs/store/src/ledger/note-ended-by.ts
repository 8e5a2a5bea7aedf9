import type { Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';
import type { OverdueCall } from './reaper.sql.js';

/** Says why we are about to hang up, before we do: the carrier's result cannot tell our reasons apart. The first reason stays; true when this one is it. */
export async function noteEndedBy(db: Db, { tenantId, callId }: CallKey, endedBy: OverdueCall['reason']): Promise<boolean> {
  const { count } = await db.prisma.call.updateMany({ where: { id: callId, tenantId, endedBy: null, endedAt: null }, data: { endedBy } });
  return count > 0;
}

/**
 * The carrier has put the person through. That outweighs every reason of ours, and is kept apart from how our leg ends, since the carrier's word of that may
 * be lost. Harmless twice; also of a call that ended meanwhile, as long as it is not wrapped up.
 */
export async function noteTransferred(db: Db, { tenantId, callId }: CallKey): Promise<void> {
  await db.prisma.call.updateMany({ where: { id: callId, tenantId, wrappedAt: null }, data: { endedBy: 'transferred' } });
}
