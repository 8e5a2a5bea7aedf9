import { jsonText } from '../json.js';
import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

export interface DialStart extends CallKey {
  /** Stored before the request leaves, with `now` as the time of the first try, so that a repeat is the same request. */
  repeatabilityId: string;
  /** Under which Redis let the call pass: after Redis was lost, what it said before is worth nothing. */
  epoch: number;
  /** Why the gate let it pass. */
  decision: object;
  now: Date;
  /** After that nobody knows what became of the request. */
  leaseUntil: Date;
}

/**
 * `reserved → dialing`, the last look before the request leaves: the lease still runs, it is not too late, the campaign still runs, the person is not on
 * the blacklist, and the fleet's epoch is the one under which the call was admitted. Charges the attempt to the contact. False when any of it does not hold any
 * more; nothing has changed then. A call from the API has no lease but `not_after`.
 *
 * The row of the epoch is locked for the length of the statement: whoever raises it waits for those that passed, and finds them in the ledger.
 */
export async function startDialing(db: Db, start: DialStart): Promise<boolean> {
  const { tenantId, callId, repeatabilityId, epoch, decision, now, leaseUntil } = start;
  const [row] = await rowsOf<{ started: number }>(
    db,
    Prisma.sql`
    WITH fleet AS MATERIALIZED (
      SELECT FROM fleet_epoch WHERE epoch = ${epoch}::int FOR SHARE
    ), started AS (
      UPDATE call
      SET state = 'dialing', repeatability_id = ${repeatabilityId}::uuid, first_sent_at = ${now}::timestamptz, dialed_at = ${now}::timestamptz,
          lease_until = ${leaseUntil}::timestamptz, decision = ${jsonText(decision)}::jsonb
      WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND state = 'reserved' AND not_after > ${now}::timestamptz
        AND EXISTS (SELECT FROM fleet)
        AND (contact_id IS NULL OR lease_until > ${now}::timestamptz)
        AND (campaign_id IS NULL OR EXISTS (SELECT FROM campaign WHERE campaign.id = call.campaign_id AND campaign.status = 'running'))
        AND NOT EXISTS (
          SELECT FROM blacklist_entry entry
          WHERE entry.phone_e164 = call.phone_e164 AND entry.tenant_id IN ('*', call.tenant_id) AND entry.scope IN ('*', call.campaign_id::text)
            AND (entry.expires_at IS NULL OR entry.expires_at > ${now}::timestamptz))
      RETURNING contact_id
    ), charged AS (
      UPDATE contact SET state = 'in_flight', attempts = attempts + 1 FROM started WHERE contact.id = started.contact_id
    )
    SELECT count(*)::int AS started FROM started`,
  );
  return row?.started === 1;
}
