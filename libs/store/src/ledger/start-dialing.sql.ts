import { coalesce, type Coalesced } from '../coalesce.js';
import { Prisma } from '../generated/client.js';
import { jsonText } from '../json.js';
import { rowsOf, type Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

export interface DialStart extends CallKey {
  /** Stored before the request leaves, with `now` as the time of the first try, so that a repeat is the same request. */
  repeatabilityId: string;
  /** Under which Redis let the call pass: after Redis was lost, what it said before is worth nothing. */
  epoch: number;
  /** Why the gate let it pass: added to what is known of the call. */
  decision: object;
  now: Date;
  /** After that nobody knows what became of the request. */
  leaseUntil: Date;
}

/** Calls of one statement, and one commit. */
const MOST = 100;

/** {@link startDialing} for one call, together with those that others start at the same time. */
export function createDialStarts(db: Db): Coalesced<DialStart, boolean> {
  return coalesce(async (starts: readonly DialStart[]) => {
    const started = await startDialing(db, starts);
    return starts.map(({ callId }) => started.has(callId));
  }, MOST);
}

/**
 * `reserved → dialing`, the last look before the request leaves: the lease still runs, it is not too late, the campaign still runs, the person is not on
 * the blacklist, and the fleet's epoch is the one under which the call was admitted. Charges the attempt to the contact. Answers the ids of the calls for which all of it
 * still holds; nothing has changed for the others. A call from the API has no lease but `not_after`.
 *
 * The row of the epoch is locked for the length of the statement: whoever raises it waits for those that passed, and finds them in the ledger. Calls are locked in the
 * order of their ids, so that two such statements cannot wait for each other; one that somebody else holds (it is being taken back, or its person was just blacklisted) is not dialed, and
 * keeps no other from it.
 */
export async function startDialing(db: Db, starts: readonly DialStart[]): Promise<Set<string>> {
  const rows = await rowsOf<{ callId: string }>(
    db,
    Prisma.sql`
    WITH fleet AS MATERIALIZED (
      SELECT epoch FROM fleet_epoch FOR SHARE
    ), start AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${jsonText(starts)}::jsonb) AS start
        ("callId" uuid, "tenantId" text, "repeatabilityId" uuid, epoch int, decision jsonb, now timestamptz, "leaseUntil" timestamptz)
    ), locked AS MATERIALIZED (
      SELECT call.id FROM call JOIN start ON start."callId" = call.id WHERE call.state = 'reserved' ORDER BY call.id FOR UPDATE OF call SKIP LOCKED
    ), started AS (
      UPDATE call
      SET state = 'dialing', repeatability_id = start."repeatabilityId", first_sent_at = start.now, dialed_at = start.now, lease_until = start."leaseUntil",
          decision = coalesce(call.decision, '{}') || start.decision
      FROM start, locked
      WHERE call.id = start."callId" AND locked.id = call.id AND call.tenant_id = start."tenantId" AND call.state = 'reserved' AND call.not_after > start.now
        AND EXISTS (SELECT FROM fleet WHERE fleet.epoch = start.epoch)
        AND (call.contact_id IS NULL OR call.lease_until > start.now)
        AND (call.campaign_id IS NULL OR EXISTS (SELECT FROM campaign WHERE campaign.id = call.campaign_id AND campaign.status = 'running'))
        AND NOT EXISTS (
          SELECT FROM blacklist_entry entry
          WHERE entry.phone_e164 = call.phone_e164 AND entry.tenant_id IN ('*', call.tenant_id) AND entry.scope IN ('*', call.campaign_id::text)
            AND (entry.expires_at IS NULL OR entry.expires_at > start.now))
      RETURNING call.id, call.contact_id
    ), charged AS (
      UPDATE contact SET state = 'in_flight', attempts = attempts + 1 FROM started WHERE contact.id = started.contact_id
    )
    SELECT id::text AS "callId" FROM started`,
  );
  return new Set(rows.map(({ callId }) => callId));
}
