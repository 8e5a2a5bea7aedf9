import { toJson } from '../json.js';
import type { Db } from '../transaction.js';

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
  const { count } = await db.prisma.carrierEvent.createMany({ data: [{ ...event, payload: toJson(event.payload) }], skipDuplicates: true });
  return count > 0;
}
