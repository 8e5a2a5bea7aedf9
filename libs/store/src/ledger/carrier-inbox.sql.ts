import type { Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

export interface InboxEvent extends CallKey {
  eventId: string;
  type: string;
  /** The normalised event as JSON (insert-carrier-event.ts). */
  payload: unknown;
  traceparent: string | null;
  processedAt: Date | null;
}

export async function findInboxEvent(db: Db, { tenantId, eventId }: { tenantId: string; eventId: string }): Promise<InboxEvent | null> {
  const row = await db.prisma.carrierEvent.findUnique({ where: { tenantId_id: { tenantId, id: eventId } } });
  if (!row) return null;
  const { callId, type, payload, traceparent, processedAt } = row;
  return { tenantId, eventId, callId, type, payload, traceparent, processedAt };
}

export async function markProcessed(db: Db, { tenantId, eventId, now }: { tenantId: string; eventId: string; now: Date }): Promise<void> {
  await db.prisma.carrierEvent.updateMany({ where: { tenantId, id: eventId, processedAt: null }, data: { processedAt: now } });
}

/** The carrier itself told that this connection is over. */
export async function carrierToldTheEnd(db: Db, { tenantId, callId }: CallKey, connectionId: string): Promise<boolean> {
  const [row] = await db.prisma.$queryRaw<{ told: boolean }[]>`
    SELECT EXISTS (
      SELECT FROM carrier_event
      WHERE tenant_id = ${tenantId} AND call_id = ${callId}::uuid AND type IN ('ended', 'failed') AND payload ->> 'connectionId' = ${connectionId}
    ) AS told`;
  return row?.told ?? false;
}

/** Events of this call that came in after `since` and wait to be applied. */
export function countPendingEvents(db: Db, { tenantId, callId }: CallKey, since: Date): Promise<number> {
  return db.prisma.carrierEvent.count({ where: { tenantId, callId, processedAt: null, receivedAt: { gt: since } } });
}

/** Events that nobody took though they came in before `before`, oldest first. */
export async function listForgottenEvents(
  db: Db,
  before: Date,
  limit: number,
): Promise<{ tenantId: string; eventId: string; traceparent: string | null }[]> {
  return db.prisma.$queryRaw<{ tenantId: string; eventId: string; traceparent: string | null }[]>`
    SELECT tenant_id AS "tenantId", id AS "eventId", traceparent FROM carrier_event
    WHERE processed_at IS NULL AND received_at < ${before}::timestamptz
    ORDER BY received_at LIMIT ${limit}::int`;
}
