import { Prisma } from '../generated/client.js';
import { rowsOf, type Db } from '../transaction.js';
import { LEDGER_CALL_COLUMNS, ledgerCallOf, type CallKey, type LedgerCall, type LedgerCallRow } from './ledger-call.js';
import type { SentCall } from './note-line-lost.sql.js';

/** Reserved calls of campaigns whose dial job did not begin in time, and calls from the API for which it is too late. */
export function listLapsedReservations(db: Db, now: Date, limit: number): Promise<(CallKey & { hasContact: boolean })[]> {
  return rowsOf<CallKey & { hasContact: boolean }>(
    db,
    Prisma.sql`
    SELECT tenant_id AS "tenantId", id::text AS "callId", contact_id IS NOT NULL AS "hasContact" FROM call
    WHERE state = 'reserved' AND wrapped_at IS NULL AND lease_until < ${now}::timestamptz
    ORDER BY lease_until LIMIT ${limit}::int`,
  );
}

/** Calls from the API that were created before `before` and still wait for a slot; campaigns' calls go back to their contact instead. */
export function listPatientCalls(db: Db, { before, now }: { before: Date; now: Date }, limit: number): Promise<CallKey[]> {
  return rowsOf<CallKey>(
    db,
    Prisma.sql`
    SELECT tenant_id AS "tenantId", id::text AS "callId" FROM call
    WHERE state = 'reserved' AND wrapped_at IS NULL AND contact_id IS NULL AND created_at < ${before}::timestamptz AND not_after > ${now}::timestamptz
    ORDER BY created_at LIMIT ${limit}::int`,
  );
}

/** `dialing → unknown` where the lease ran out: the dialer died with the request in its hands. Answers how many. */
export async function giveUpDialing(db: Db, now: Date): Promise<number> {
  const [row] = await rowsOf<{ lost: number }>(
    db,
    Prisma.sql`
    WITH lost AS (
      UPDATE call SET state = 'unknown' WHERE state = 'dialing' AND wrapped_at IS NULL AND lease_until < ${now}::timestamptz RETURNING contact_id
    ), held AS (
      UPDATE contact SET state = 'reconciling' FROM lost WHERE contact.id = lost.contact_id AND contact.state = 'in_flight'
    )
    SELECT count(*)::int AS lost FROM lost`,
  );
  return row?.lost ?? 0;
}

export interface RepeatClaim {
  now: Date;
  /** Only calls first sent after this instant: the carrier still knows their repeatability id. */
  sentAfter: Date;
  /** Nobody else repeats it until then. */
  leaseUntil: Date;
  limit: number;
}

/** Takes unknown calls whose request may be posted again under its own id, for the one caller that gets them. Their campaign must still run. */
export async function claimRepeats(db: Db, { now, sentAfter, leaseUntil, limit }: RepeatClaim): Promise<LedgerCall[]> {
  const rows = await rowsOf<LedgerCallRow>(
    db,
    Prisma.sql`
    UPDATE call SET lease_until = ${leaseUntil}::timestamptz
    WHERE id IN (
      SELECT id FROM call
      WHERE state = 'unknown' AND wrapped_at IS NULL AND (lease_until IS NULL OR lease_until < ${now}::timestamptz)
        AND first_sent_at > ${sentAfter}::timestamptz
        AND (campaign_id IS NULL OR EXISTS (SELECT FROM campaign WHERE campaign.id = call.campaign_id AND campaign.status = 'running'))
      ORDER BY first_sent_at LIMIT ${limit}::int
      FOR UPDATE SKIP LOCKED
    )
    RETURNING ${LEDGER_CALL_COLUMNS}`,
  );
  return rows.map(ledgerCallOf);
}

/** Unknown calls first sent before `before`, of which nothing was ever heard. */
export function listSilentCalls(db: Db, before: Date, limit: number): Promise<CallKey[]> {
  return rowsOf<CallKey>(
    db,
    Prisma.sql`
    SELECT tenant_id AS "tenantId", id::text AS "callId" FROM call
    WHERE state = 'unknown' AND wrapped_at IS NULL AND first_sent_at < ${before}::timestamptz
    ORDER BY first_sent_at LIMIT ${limit}::int`,
  );
}

export interface OverdueCall extends SentCall {
  reason: 'ring_timeout' | 'time_limit' | 'line_lost';
  /** How long ago it should have ended. */
  overdueMs: number;
}

/**
 * Calls that ring longer than their ring timeout, or last `graceMs` longer than they may, or whose media worker has let go of them `lostMs` ago without
 * another one taking them: their person hears nothing. A call whose media socket is bound was answered, also while the carrier's word of it is late;
 * one with news in the inbox is left until that was applied, unless it lasts too long.
 */
export function listOverdueCalls(
  db: Db,
  { now, graceMs, lostMs }: { now: Date; graceMs: number; lostMs: number },
  limit: number,
): Promise<OverdueCall[]> {
  return rowsOf<OverdueCall>(
    db,
    Prisma.sql`
    SELECT * FROM (
      SELECT DISTINCT ON (id) tenant_id AS "tenantId", id::text AS "callId", carrier_call_id AS "carrierCallId", media_epoch AS "mediaEpoch",
             media_closed_at AS "mediaClosedAt", due.reason,
             (extract(epoch FROM ${now}::timestamptz - due.since) * 1000)::float8 - due.after_ms AS "overdueMs"
      FROM call, LATERAL (VALUES
        (CASE WHEN state = 'answered' OR media_epoch > 0 THEN 'time_limit' ELSE 'ring_timeout' END,
         coalesce(answered_at, placed_at, dialed_at),
         CASE WHEN state = 'answered' OR media_epoch > 0 THEN max_call_ms + ${graceMs}::int ELSE ring_timeout_ms END),
        ('line_lost', media_closed_at, ${lostMs}::int)
      ) AS due (reason, since, after_ms)
      WHERE state IN ('placed', 'ringing', 'answered') AND wrapped_at IS NULL
        AND due.since + due.after_ms * interval '1 ms' < ${now}::timestamptz
      ORDER BY id, due.reason = 'line_lost'
    ) open
    WHERE (reason = 'time_limit' OR NOT EXISTS (SELECT FROM carrier_event event WHERE event.call_id = open."callId"::uuid AND event.processed_at IS NULL))
    ORDER BY "overdueMs" DESC LIMIT ${limit}::int`,
  );
}

/** Calls that ended before `before` and were not wrapped up. */
export function listUnwrappedCalls(db: Db, before: Date, limit: number): Promise<CallKey[]> {
  return rowsOf<CallKey>(
    db,
    Prisma.sql`
    SELECT tenant_id AS "tenantId", id::text AS "callId" FROM call
    WHERE state = 'ended' AND wrapped_at IS NULL AND ended_at < ${before}::timestamptz
    ORDER BY ended_at LIMIT ${limit}::int`,
  );
}

/** Wrapped calls in which someone spoke and whose synthesis nobody wrote. */
export function listUnsummarisedCalls(db: Db, wrapped: { after: Date; before: Date }, limit: number): Promise<CallKey[]> {
  return rowsOf<CallKey>(
    db,
    Prisma.sql`
    SELECT call.tenant_id AS "tenantId", call.id::text AS "callId"
    FROM call JOIN conversation ON conversation.id = call.conversation_id
    WHERE call.wrapped_at > ${wrapped.after}::timestamptz AND call.wrapped_at < ${wrapped.before}::timestamptz
      AND call.exchanges > 0 AND conversation.synthesis IS NULL
    ORDER BY call.wrapped_at LIMIT ${limit}::int`,
  );
}

/** Those of the given calls that need no slot any more, or never existed. */
export async function listSlotsToFree(db: Db, callIds: readonly string[]): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    db,
    Prisma.sql`
    SELECT held.id::text AS id FROM unnest(${callIds}::uuid[]) AS held (id)
    WHERE NOT EXISTS (SELECT FROM call WHERE call.id = held.id AND call.state NOT IN ('ended', 'released'))`,
  );
  return rows.map(({ id }) => id);
}
