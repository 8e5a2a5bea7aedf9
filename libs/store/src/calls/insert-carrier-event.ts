import { Prisma } from '../generated/client.js';
import { jsonText } from '../json.js';
import { rowsOf, type Db } from '../transaction.js';

export interface NewCarrierEvent {
  tenantId: string;
  /** The carrier's id of the event: the key against a second delivery. */
  id: string;
  callId: string;
  /** The event's name in our words (`CarrierEvent['type']` of @carillon/telephony). */
  type: string;
  /** The whole normalised event as JSON; `at` is ISO 8601. */
  payload: object;
  traceparent: string | null;
}

/** Writes one event into the inbox. False when this id was there already: nothing needs to be done then. */
export async function insertCarrierEvent(db: Db, event: NewCarrierEvent): Promise<boolean> {
  const { tenantId, id, callId, type, payload, traceparent } = event;
  const written = await rowsOf<object>(
    db,
    Prisma.sql`
    INSERT INTO carrier_event (tenant_id, id, call_id, type, payload, traceparent)
    VALUES (${tenantId}, ${id}, ${callId}::uuid, ${type}, ${jsonText(payload)}::jsonb, ${traceparent})
    ON CONFLICT (tenant_id, id) DO NOTHING
    RETURNING id`,
  );
  return written.length > 0;
}
