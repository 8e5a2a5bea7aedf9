import type { Db } from '../transaction.js';
import type { CallKey } from './ledger-call.js';

export interface Claim {
  tenantId: string;
  campaignId: string;
  limit: number;
  now: Date;
  /** Until then the dial job must have begun, or the contact goes back to waiting. */
  leaseUntil: Date;
  /** When to look again at a contact whose person is in a call right now. */
  busyUntil: Date;
}

export interface ClaimedCall extends CallKey {
  /** Of the upload that brought the contact in. */
  traceparent: string | null;
}

/**
 * Takes up to `limit` due contacts of a campaign for a call each, in one statement: the person (`in_flight`), conversation, call and contact change
 * together or not at all. Two claims at once never take one contact (SKIP LOCKED), nor two contacts of one person (primary key of `in_flight`): who is in a
 * call already stays waiting until `busyUntil`. Persons are taken in the order of their numbers, so that two claims cannot wait for each other.
 */
export function claimContacts(db: Db, claim: Claim): Promise<ClaimedCall[]> {
  const { tenantId, campaignId, limit, now, leaseUntil, busyUntil } = claim;
  return db.prisma.$queryRaw<ClaimedCall[]>`
    WITH due AS (
      SELECT id, phone_e164, traceparent FROM contact
      WHERE tenant_id = ${tenantId} AND campaign_id = ${campaignId}::uuid AND state = 'waiting' AND next_at <= ${now}::timestamptz
      ORDER BY next_at, id LIMIT ${limit}::int
      FOR UPDATE SKIP LOCKED
    ), picked AS MATERIALIZED (
      SELECT due.*, gen_random_uuid() AS call_id, gen_random_uuid() AS conversation_id FROM due ORDER BY phone_e164
    ), person AS (
      INSERT INTO in_flight (tenant_id, phone_e164, call_id)
      SELECT ${tenantId}, phone_e164, call_id FROM picked ORDER BY phone_e164
      ON CONFLICT (tenant_id, phone_e164) DO NOTHING
      RETURNING call_id
    ), taken AS (
      SELECT picked.* FROM picked JOIN person USING (call_id)
    ), talk AS (
      INSERT INTO conversation (id, tenant_id, phone_e164, initiate, created_at)
      SELECT taken.conversation_id, ${tenantId}, taken.phone_e164, campaign.initiate, ${now}::timestamptz
      FROM taken JOIN campaign ON campaign.id = ${campaignId}::uuid
    ), booked AS (
      INSERT INTO call (id, tenant_id, campaign_id, contact_id, conversation_id, attempt_no, phone_e164, state, lease_until, not_after,
                        traceparent, ring_timeout_ms, max_call_ms, created_at)
      SELECT taken.call_id, ${tenantId}, campaign.id, taken.id, taken.conversation_id,
             (SELECT coalesce(max(earlier.attempt_no), 0) + 1 FROM call earlier WHERE earlier.contact_id = taken.id),
             taken.phone_e164, 'reserved', ${leaseUntil}::timestamptz, ${leaseUntil}::timestamptz,
             taken.traceparent, campaign.ring_timeout_ms, campaign.max_call_ms, ${now}::timestamptz
      FROM taken JOIN campaign ON campaign.id = ${campaignId}::uuid
    ), held AS (
      UPDATE contact SET state = 'reserved' FROM taken WHERE contact.id = taken.id
    ), postponed AS (
      UPDATE contact SET next_at = ${busyUntil}::timestamptz FROM picked
      WHERE contact.id = picked.id AND NOT EXISTS (SELECT FROM person WHERE person.call_id = picked.call_id)
    )
    SELECT ${tenantId} AS "tenantId", call_id::text AS "callId", traceparent FROM taken`;
}
