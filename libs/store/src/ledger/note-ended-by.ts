import type { Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';
import type { OverdueCall } from './reaper.sql.js';

/** Says why we are about to hang up, before we do: the carrier's result cannot tell our reasons apart. The first reason stays. */
export async function noteEndedBy(db: Db, { tenantId, callId }: CallKey, endedBy: OverdueCall['reason']): Promise<void> {
  await db.prisma.call.updateMany({ where: { id: callId, tenantId, endedBy: null, endedAt: null }, data: { endedBy } });
}
