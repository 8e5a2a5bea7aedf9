import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';

/** A call for which Redis must hold a slot and leases. */
export interface OpenCall {
  tenantId: string;
  callId: string;
  campaignId: string | null;
  phoneE164: string;
  callerNumber: string | null;
  ringTimeoutMs: number;
  maxCallMs: number;
}

/**
 * Raises the epoch of the fleet and answers it, once every dial that passed under the one before has committed: from then on none of those still on their way
 * can be sent, and those that were sent are found by {@link listCallsWithSlots}. It is higher than `above`, what Redis may stand at: the database may be the one that was replaced.
 */
export async function raiseFleetEpoch(db: Db, above: number): Promise<number> {
  const [row] = await db.prisma.$queryRaw<{ epoch: number }[]>`
    INSERT INTO fleet_epoch (id, epoch) VALUES (1, ${above}::int + 1) ON CONFLICT (id) DO UPDATE SET epoch = greatest(fleet_epoch.epoch, ${above}::int) + 1 RETURNING epoch`;
  if (!row) throw new Error('an upsert answers its row');
  return row.epoch;
}

/** The epoch under which calls may be dialed. */
export async function readFleetEpoch(db: Db): Promise<number | null> {
  const [row] = await rowsOf<{ epoch: number }>(db, Prisma.sql`SELECT epoch FROM fleet_epoch`);
  return row?.epoch ?? null;
}

/** Calls that were sent, or may have been, and are not over. */
export async function listCallsWithSlots(db: Db): Promise<OpenCall[]> {
  const rows = await db.prisma.call.findMany({
    where: { wrappedAt: null, state: { in: ['dialing', 'unknown', 'placed', 'ringing', 'answered'] } },
    select: { tenantId: true, id: true, campaignId: true, phoneE164: true, callerNumber: true, ringTimeoutMs: true, maxCallMs: true },
  });
  return rows.map(({ id, ...row }) => ({ ...row, callId: id }));
}
