import type { Disposition } from '@carillon/contracts';
import { Prisma } from '../generated/client.js';
import { jsonText } from '../json.js';
import { rowsOf, type Db } from '../transaction.js';
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
  /** Day whose counters the calls will be charged to. */
  chargedOn: Date;
  /** Where to look, in this order. */
  places: readonly ClaimPlace[];
  caps: readonly ClaimCap[];
  /** How long the phones must ring, and may at most, whatever the campaign says. Left out: no rule. */
  ring?: { minMs: number | null; maxMs: number | null };
}

/** Contacts of one class of one bucket: a range of the index. */
export interface ClaimPlace {
  bucketId: number;
  /** 0: promised callbacks, 1: retries, 2: those never called. */
  rank: number;
  most: number;
}

/** So many charged calls to one person of a bucket since an instant are the most. */
export interface ClaimCap {
  bucketId: number;
  /** Why a contact waits: a code of the gate. */
  code: string;
  limit: number;
  since: Date;
  /** When it is free again: this long after the call that makes it full… */
  lengthMs: number | null;
  /** …or at this instant. */
  until: Date | null;
  /** Which calls count: all that were charged, those in which the person spoke with us, or those with one of the dispositions. */
  counts: 'attempts' | 'conversations' | readonly Disposition[];
}

export interface ClaimedCall extends CallKey {
  contactId: bigint;
  bucketId: number;
  phoneE164: string;
  /** Of the upload that brought the contact in. */
  traceparent: string | null;
}

export interface ClaimResult {
  calls: ClaimedCall[];
  /** Due contacts that were looked at: fewer than the limit means that no more are due. */
  looked: number;
}

interface Row {
  callId: string | null;
  contactId: bigint;
  bucketId: number;
  phoneE164: string;
  traceparent: string | null;
}

const NO_RING_RULE = { minMs: null, maxMs: null };

/** Every place of these buckets: callbacks before retries before those never called, whatever the bucket, and each bucket as far as it goes. */
export function placesOf(buckets: readonly number[], most: number): ClaimPlace[] {
  return [0, 1, 2].flatMap((rank) => buckets.map((bucketId) => ({ rank, bucketId, most })));
}

/**
 * Takes up to `limit` due contacts of a campaign for a call each, in one statement: the person (`in_flight`), conversation, call and contact change
 * together or not at all. Two claims at once never take one contact (SKIP LOCKED), nor two contacts of one person (primary key of `in_flight`): who is in a
 * call already stays waiting until `busyUntil`, who is at a cap until it is free again, and who is on the blacklist is final. Persons are taken in the order of
 * their numbers, so that two claims cannot wait for each other. The cost does not depend on how many contacts wait elsewhere: each look is a range of the
 * index (campaign, state, bucket, class, next_at, id), and those that are put off leave that range.
 */
export async function claimContacts(db: Db, claim: Claim): Promise<ClaimResult> {
  const rows = await lookAndClaim(db, claim);
  const calls = rows.flatMap(({ callId, ...row }) => (callId === null ? [] : [{ ...row, callId, tenantId: claim.tenantId }]));
  return { calls, looked: rows.length };
}

function lookAndClaim(db: Db, claim: Claim): Promise<Row[]> {
  const { tenantId, campaignId, limit, now, leaseUntil, busyUntil, chargedOn, places, ring = NO_RING_RULE } = claim;
  return rowsOf<Row>(
    db,
    Prisma.sql`
    WITH due AS (
      SELECT contact.* FROM unnest(${places.map(({ bucketId }) => bucketId)}::int[], ${places.map(({ rank }) => rank)}::smallint[],
                                   ${places.map(({ most }) => most)}::int[]) AS place (bucket_id, rank, most)
      CROSS JOIN LATERAL (
        SELECT id, phone_e164, traceparent, bucket_id, class FROM contact
        WHERE campaign_id = ${campaignId}::uuid AND state = 'waiting' AND bucket_id = place.bucket_id AND class = place.rank
          AND next_at <= ${now}::timestamptz AND tenant_id = ${tenantId}
        ORDER BY next_at, id LIMIT least(place.most, ${limit}::int)
        FOR UPDATE SKIP LOCKED
      ) AS contact
      LIMIT ${limit}::int -- lazily, place after place: the rest is not even locked
    ), picked AS MATERIALIZED (
      SELECT due.*, gen_random_uuid() AS call_id, gen_random_uuid() AS conversation_id FROM due ORDER BY phone_e164
    ), barred AS MATERIALIZED (
      SELECT picked.id, bool_or(entry.expires_at IS NULL) AS for_good, max(entry.expires_at) AS until
      FROM picked JOIN blacklist_entry entry ON entry.phone_e164 = picked.phone_e164 AND entry.tenant_id IN ('*', ${tenantId}) AND entry.scope IN ('*', ${campaignId})
      WHERE entry.expires_at IS NULL OR entry.expires_at > ${now}::timestamptz
      GROUP BY picked.id
    ), capped AS MATERIALIZED (${selectCapped(claim)}), person AS (
      INSERT INTO in_flight (tenant_id, phone_e164, call_id)
      SELECT ${tenantId}, phone_e164, call_id FROM picked
      WHERE id NOT IN (SELECT id FROM barred) AND id NOT IN (SELECT id FROM capped)
      ORDER BY phone_e164
      ON CONFLICT (tenant_id, phone_e164) DO NOTHING
      RETURNING call_id
    ), taken AS (
      SELECT picked.* FROM picked JOIN person USING (call_id)
    ), talk AS (
      INSERT INTO conversation (id, tenant_id, phone_e164, initiate, created_at)
      SELECT taken.conversation_id, ${tenantId}, taken.phone_e164, campaign.initiate, ${now}::timestamptz
      FROM taken JOIN campaign ON campaign.id = ${campaignId}::uuid
    ), booked AS (
      INSERT INTO call (id, tenant_id, campaign_id, contact_id, conversation_id, attempt_no, class, phone_e164, state, lease_until, not_after,
                        traceparent, ring_timeout_ms, max_call_ms, charged_on, created_at)
      SELECT taken.call_id, ${tenantId}, campaign.id, taken.id, taken.conversation_id,
             (SELECT coalesce(max(earlier.attempt_no), 0) + 1 FROM call earlier WHERE earlier.contact_id = taken.id),
             taken.class, taken.phone_e164, 'reserved', ${leaseUntil}::timestamptz, ${leaseUntil}::timestamptz,
             taken.traceparent, least(greatest(campaign.ring_timeout_ms, ${ring.minMs}::int), ${ring.maxMs}::int), campaign.max_call_ms, ${chargedOn}::date, ${now}::timestamptz
      FROM taken JOIN campaign ON campaign.id = ${campaignId}::uuid
    ), moved AS (
      UPDATE contact SET
        state = (CASE WHEN taken.id IS NOT NULL THEN 'reserved' WHEN barred.for_good THEN 'final' ELSE 'waiting' END)::"ContactState",
        blocked = CASE WHEN taken.id IS NOT NULL THEN NULL WHEN barred.id IS NOT NULL THEN 'blacklisted' ELSE coalesce(capped.code, 'already_in_call') END,
        disposition = CASE WHEN barred.for_good THEN 'blacklisted' ELSE contact.disposition END,
        final_at = CASE WHEN barred.for_good THEN ${now}::timestamptz END,
        next_at = CASE WHEN taken.id IS NOT NULL OR barred.for_good THEN contact.next_at ELSE coalesce(barred.until, capped.until, ${busyUntil}::timestamptz) END
      FROM picked LEFT JOIN taken ON taken.id = picked.id LEFT JOIN barred ON barred.id = picked.id LEFT JOIN capped ON capped.id = picked.id
      WHERE contact.id = picked.id
    )
    SELECT taken.call_id::text AS "callId", picked.id AS "contactId", picked.bucket_id AS "bucketId", picked.phone_e164 AS "phoneE164", picked.traceparent
    FROM picked LEFT JOIN taken ON taken.id = picked.id`,
  );
}

/** Of those picked, who has had their calls: with the most telling code, and when they are free again. */
function selectCapped({ tenantId, caps }: Claim): Prisma.Sql {
  return Prisma.sql`
      SELECT picked.id, max(coalesce(cap.until, nth.dialed_at + make_interval(secs => cap."lengthMs" / 1000))) AS until,
             (array_agg(cap.code))[1] AS code
      FROM jsonb_to_recordset(${jsonText(caps)}::jsonb)
             AS cap ("bucketId" int, "limit" int, since timestamptz, "lengthMs" float8, until timestamptz, counts jsonb, code text)
      JOIN picked ON picked.bucket_id = cap."bucketId"
      CROSS JOIN LATERAL (
        SELECT coalesce(call.dialed_at, call.created_at) AS dialed_at FROM call
        WHERE call.tenant_id = ${tenantId} AND call.phone_e164 = picked.phone_e164 AND call.state <> 'released'
          AND (cap.counts = '"attempts"' OR (cap.counts = '"conversations"' AND call.exchanges > 0) OR jsonb_exists(cap.counts, call.disposition))
        ORDER BY call.created_at DESC OFFSET greatest(cap."limit" - 1, 0) LIMIT 1
      ) AS nth
      WHERE nth.dialed_at > cap.since
      GROUP BY picked.id`;
}
