import type { Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

export interface DialStart extends CallKey {
  /** Stored before the request leaves, with `now` as the time of the first try, so that a repeat is the same request. */
  repeatabilityId: string;
  now: Date;
  /** After that nobody knows what became of the request. */
  leaseUntil: Date;
}

/**
 * `reserved → dialing`, the last look before the request leaves: the lease still runs, it is not too late, and the campaign still runs. Charges the
 * attempt to the contact. False when any of it does not hold any more; nothing has changed then. A call from the API has no lease but `not_after`.
 */
export async function startDialing(db: Db, { tenantId, callId, repeatabilityId, now, leaseUntil }: DialStart): Promise<boolean> {
  const [row] = await db.prisma.$queryRaw<{ started: number }[]>`
    WITH started AS (
      UPDATE call
      SET state = 'dialing', repeatability_id = ${repeatabilityId}::uuid, first_sent_at = ${now}::timestamptz, dialed_at = ${now}::timestamptz,
          lease_until = ${leaseUntil}::timestamptz
      WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND state = 'reserved' AND not_after > ${now}::timestamptz
        AND (contact_id IS NULL OR lease_until > ${now}::timestamptz)
        AND (campaign_id IS NULL OR EXISTS (SELECT FROM campaign WHERE campaign.id = call.campaign_id AND campaign.status = 'running'))
      RETURNING contact_id
    ), charged AS (
      UPDATE contact SET state = 'in_flight', attempts = attempts + 1 FROM started WHERE contact.id = started.contact_id
    )
    SELECT count(*)::int AS started FROM started`;
  return row?.started === 1;
}
