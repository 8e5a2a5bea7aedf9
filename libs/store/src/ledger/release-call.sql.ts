import type { Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

export interface Release extends CallKey {
  /** Only a call in this state is released: one that was never sent, or provably refused. */
  from: 'reserved' | 'dialing';
  /** When its contact may be dialed again. */
  nextAt: Date;
  now: Date;
}

/**
 * Takes back a call of a campaign that provably never reached the carrier: the contact waits again and nothing is charged, or is final where the
 * campaign was cancelled meanwhile; the person is free. A call from the API has no contact: it is over
 * once it was being dialed, and otherwise goes on waiting for a slot (false). False as well when the call is not in that state any more.
 */
export async function releaseCall(db: Db, { tenantId, callId, from, nextAt, now }: Release): Promise<boolean> {
  const [row] = await db.prisma.$queryRaw<{ released: number }[]>`
    WITH released AS (
      UPDATE call SET state = 'released', lease_until = NULL, ended_at = ${now}::timestamptz,
                      disposition = CASE WHEN contact_id IS NULL THEN 'cancelled' END
      WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND state = ${from}::"CallState" AND (contact_id IS NOT NULL OR state = 'dialing')
      RETURNING id, contact_id, campaign_id
    ), freed AS (
      DELETE FROM in_flight USING released WHERE in_flight.call_id = released.id
    ), back AS (
      UPDATE contact
      SET state = (CASE campaign.status WHEN 'cancelled' THEN 'final' ELSE 'waiting' END)::"ContactState",
          disposition = CASE campaign.status WHEN 'cancelled' THEN 'cancelled' END,
          final_at = CASE campaign.status WHEN 'cancelled' THEN ${now}::timestamptz END,
          attempts = attempts - CASE contact.state WHEN 'in_flight' THEN 1 ELSE 0 END,
          next_at = ${nextAt}::timestamptz
      FROM released JOIN campaign ON campaign.id = released.campaign_id
      WHERE contact.id = released.contact_id
    )
    SELECT count(*)::int AS released FROM released`;
  return row?.released === 1;
}
