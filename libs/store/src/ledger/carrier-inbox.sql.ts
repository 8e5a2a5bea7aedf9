import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';
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
  const [row] = await rowsOf<InboxEvent>(
    db,
    Prisma.sql`
    SELECT tenant_id AS "tenantId", id AS "eventId", call_id::text AS "callId", type, payload, traceparent, processed_at AS "processedAt"
    FROM carrier_event WHERE tenant_id = ${tenantId} AND id = ${eventId}`,
  );
  return row ?? null;
}

export async function markProcessed(db: Db, { tenantId, eventId, now }: { tenantId: string; eventId: string; now: Date }): Promise<void> {
  await rowsOf(
    db,
    Prisma.sql`UPDATE carrier_event SET processed_at = ${now}::timestamptz WHERE tenant_id = ${tenantId} AND id = ${eventId} AND processed_at IS NULL`,
  );
}

/** The carrier itself told that this connection is over. */
export async function carrierToldTheEnd(db: Db, { tenantId, callId }: CallKey, connectionId: string): Promise<boolean> {
  const [row] = await rowsOf<{ told: boolean }>(
    db,
    Prisma.sql`
    SELECT EXISTS (
      SELECT FROM carrier_event
      WHERE tenant_id = ${tenantId} AND call_id = ${callId}::uuid AND type IN ('ended', 'failed') AND payload ->> 'connectionId' = ${connectionId}
    ) AS told`,
  );
  return row?.told ?? false;
}

/** Events of this call that came in after `since` and wait to be applied. */
export async function countPendingEvents(db: Db, { tenantId, callId }: CallKey, since: Date): Promise<number> {
  const [row] = await rowsOf<{ pending: number }>(
    db,
    Prisma.sql`
    SELECT count(*)::int AS pending FROM carrier_event
    WHERE call_id = ${callId}::uuid AND tenant_id = ${tenantId} AND processed_at IS NULL AND received_at > ${since}::timestamptz`,
  );
  return row?.pending ?? 0;
}

/** Events that nobody took though they came in before `before`, oldest first. */
export async function listForgottenEvents(
  db: Db,
  before: Date,
  limit: number,
): Promise<{ tenantId: string; eventId: string; traceparent: string | null }[]> {
  return rowsOf<{ tenantId: string; eventId: string; traceparent: string | null }>(
    db,
    Prisma.sql`
    SELECT tenant_id AS "tenantId", id AS "eventId", traceparent FROM carrier_event
    WHERE processed_at IS NULL AND received_at < ${before}::timestamptz
    ORDER BY received_at LIMIT ${limit}::int`,
  );
}
