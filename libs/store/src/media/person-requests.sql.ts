import { Prisma } from '../generated/client.js';
import type { Store } from '../open-store.js';
import { inTransaction, rowsOf, type Db } from '../transaction.js';
import { scheduleCall } from '../calls/schedule-call.js';
import type { AskedRules } from '../ledger/gate-facts.js';
import type { Initiate } from '@carillon/contracts';
import type { MediaOwner } from './media-owner.js';

/** Longer ahead than this is a misunderstanding, or a year that was not said. */
const FURTHEST_DAYS = 60;
/** A callback that could not be made until then is not made any more. */
const PATIENCE_MS = 86_400_000;

export type CallbackAnswer = { at: Date } | { problem: 'past' | 'too_far' | 'not_ours' };

interface Row {
  at: Date;
  inTime: boolean;
  near: boolean;
  campaignId: string | null;
  phoneE164: string;
  initiate: Initiate;
  decision: { asked?: AskedRules } | null;
}

/**
 * Writes down when the person asked to be called again: `at` an instant, or by the wall clock where they are, which is the first of the contact's zones, or else `fallbackZone`. A contact of a campaign is
 * planned by the wrap-up; a call from the API gets a scheduled call at once. A second time in one call moves it.
 */
export async function promiseCallback(
  store: Store,
  { tenantId, callId, epoch }: MediaOwner,
  request: ({ localTime: string; fallbackZone: string } | { at: Date }) & { now: Date },
): Promise<CallbackAnswer> {
  const { localTime, fallbackZone, at, now } = { localTime: null, fallbackZone: 'UTC', at: null, ...request };
  const [row] = await rowsOf<Row>(
    store,
    Prisma.sql`
    WITH asked AS (
      SELECT call.id, coalesce(${at}::timestamptz, ${localTime}::timestamp AT TIME ZONE coalesce(contact_bucket.time_zones[1], ${fallbackZone})) AS at
      FROM call LEFT JOIN contact ON contact.id = call.contact_id LEFT JOIN contact_bucket ON contact_bucket.id = contact.bucket_id
      WHERE call.id = ${callId}::uuid AND call.tenant_id = ${tenantId} AND call.media_epoch <= ${epoch}::int AND call.wrapped_at IS NULL
    ), noted AS (
      UPDATE call SET callback_at = asked.at FROM asked
      WHERE call.id = asked.id AND asked.at > ${now}::timestamptz AND asked.at < ${now}::timestamptz + make_interval(days => ${FURTHEST_DAYS}::int)
    )
    SELECT asked.at, asked.at > ${now}::timestamptz AS "inTime", asked.at < ${now}::timestamptz + make_interval(days => ${FURTHEST_DAYS}::int) AS near,
           call.campaign_id::text AS "campaignId", call.phone_e164 AS "phoneE164", conversation.initiate, call.decision
    FROM asked JOIN call ON call.id = asked.id JOIN conversation ON conversation.id = call.conversation_id`,
  );
  if (!row) return { problem: 'not_ours' };
  if (!row.inTime) return { problem: 'past' };
  if (!row.near) return { problem: 'too_far' };
  if (row.campaignId === null) await inTransaction(store, (transaction) => promiseCall(transaction, { tenantId, callId }, row, now));
  return { at: row.at };
}

async function promiseCall(
  db: Db,
  { tenantId, callId }: { tenantId: string; callId: string },
  { at, phoneE164, initiate, decision }: Row,
  now: Date,
): Promise<void> {
  const promised = { tenantId, fromCallId: callId };
  await db.prisma.scheduledCall.updateMany({ where: { ...promised, state: 'waiting', nextAt: { not: at } }, data: { state: 'cancelled' } });
  // Taken back and asked for again: the row of that time is there.
  const { count } = await db.prisma.scheduledCall.updateMany({
    where: { ...promised, nextAt: at, state: { in: ['waiting', 'cancelled'] } },
    data: { state: 'waiting' },
  });
  if (count > 0) return;
  await scheduleCall(db, {
    ...{ id: crypto.randomUUID(), tenantId, phoneE164, initiate, asked: decision?.asked ?? { policies: [], consent: null } },
    ...{
      source: 'callback',
      reason: 'asked for during a call',
      nextAt: at,
      notAfter: new Date(at.getTime() + PATIENCE_MS),
      blocked: null,
      fromCallId: callId,
      now,
    },
  });
}

/** The call's outcome, once the person asked not to be called again; the blacklist is `optOut`'s business. */
export async function noteOptOut(db: Db, { tenantId, callId, epoch }: MediaOwner): Promise<void> {
  await rowsOf(
    db,
    Prisma.sql`UPDATE call SET disposition = 'opted_out' WHERE id = ${callId}::uuid AND tenant_id = ${tenantId} AND media_epoch <= ${epoch}::int AND wrapped_at IS NULL`,
  );
}
