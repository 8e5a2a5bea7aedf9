import type { Db } from '../transaction.js';

/** W3C traceparent of what asked for the call; events of the carrier go on with it. */
export async function findCallTraceparent(db: Db, key: { tenantId: string; callId: string }): Promise<string | null> {
  const call = await db.prisma.call.findFirst({ where: { id: key.callId, tenantId: key.tenantId }, select: { traceparent: true } });
  return call?.traceparent ?? null;
}
