import type { CallKey } from '../ledger/ledger-call.js';
import type { Db } from '../transaction.js';
import { EVERY, type ScopeColumns } from './blacklist-scope.js';

/** Whom an entry concerns: a global one, the people of every tenant. */
export interface Reach {
  tenants: readonly string[];
  /** Of one campaign, or of every one. */
  scope: string;
  phones: readonly string[];
}

interface NewEntries extends ScopeColumns {
  phones: readonly string[];
  reason: string;
  source: string;
  expiresAt: Date | null;
  now: Date;
}

/**
 * Answers how many are new. An entry that is there already keeps its reason and holds the longer of the two times; one that had expired is as good as new.
 * Ordered by number, so that two lists at once cannot wait for each other.
 */
export async function insertEntries(db: Db, { tenantId, scope, phones, reason, source, expiresAt, now }: NewEntries): Promise<number> {
  const [row] = await db.prisma.$queryRaw<{ added: number }[]>`
    WITH listed AS (
      SELECT phone_e164 FROM blacklist_entry
      WHERE phone_e164 = ANY (${phones}::text[]) AND tenant_id = ${tenantId} AND scope = ${scope} AND (expires_at IS NULL OR expires_at > ${now}::timestamptz)
    ), kept AS (
      INSERT INTO blacklist_entry (tenant_id, scope, phone_e164, reason, source, created_at, expires_at)
      SELECT ${tenantId}, ${scope}, phone, ${reason}, ${source}, ${now}::timestamptz, ${expiresAt}::timestamptz FROM unnest(${phones}::text[]) AS phone ORDER BY phone
      ON CONFLICT (phone_e164, tenant_id, scope) DO UPDATE SET
        expires_at = CASE WHEN blacklist_entry.expires_at IS NULL OR excluded.expires_at IS NULL THEN NULL
                          ELSE greatest(blacklist_entry.expires_at, excluded.expires_at) END,
        reason = CASE WHEN blacklist_entry.expires_at <= ${now}::timestamptz THEN excluded.reason ELSE blacklist_entry.reason END,
        source = CASE WHEN blacklist_entry.expires_at <= ${now}::timestamptz THEN excluded.source ELSE blacklist_entry.source END
      RETURNING phone_e164
    )
    SELECT (count(*) FILTER (WHERE phone_e164 NOT IN (SELECT phone_e164 FROM listed)))::int AS added FROM kept`;
  return row?.added ?? 0;
}

/** Tenants that have somebody to call. */
export async function listCallingTenants(db: Db): Promise<string[]> {
  const rows = await db.prisma.$queryRaw<{ tenantId: string }[]>`
    SELECT tenant_id AS "tenantId" FROM campaign UNION SELECT tenant_id FROM scheduled_call WHERE state = 'waiting'`;
  return rows.map(({ tenantId }) => tenantId);
}

/**
 * Nobody claims or dials these contacts until the transaction ends. Calls first, then contacts: the order in which `startDialing` takes them. A claim
 * does not wait for them but passes them over.
 */
export async function lockContacts(db: Db, { tenants, scope, phones }: Reach): Promise<void> {
  await db.prisma.$executeRaw`
    SELECT FROM call
    WHERE tenant_id = ANY (${tenants}::text[]) AND phone_e164 = ANY (${phones}::text[])
      AND state = 'reserved' AND wrapped_at IS NULL AND (${scope} = ${EVERY} OR campaign_id::text = ${scope})
    ORDER BY id FOR UPDATE`;
  await db.prisma.$executeRaw`
    SELECT FROM contact
    WHERE tenant_id = ANY (${tenants}::text[]) AND phone_e164 = ANY (${phones}::text[])
      AND state IN ('waiting', 'reserved') AND (${scope} = ${EVERY} OR campaign_id::text = ${scope})
    ORDER BY id FOR UPDATE`;
}

/** Calls of campaigns to these people that were not dialed yet. */
export function listReservedCalls(db: Db, { tenants, scope, phones }: Reach): Promise<CallKey[]> {
  return db.prisma.$queryRaw<CallKey[]>`
    SELECT tenant_id AS "tenantId", id::text AS "callId" FROM call
    WHERE tenant_id = ANY (${tenants}::text[]) AND phone_e164 = ANY (${phones}::text[])
      AND state = 'reserved' AND wrapped_at IS NULL AND contact_id IS NOT NULL AND (${scope} = ${EVERY} OR campaign_id::text = ${scope})
    ORDER BY id`;
}

/** Contacts that wait: final, or put off until the entry ends. Answers how many. */
export function stopContacts(
  db: Db,
  { tenants, scope, phones }: Reach,
  { until, now }: { until: Date | null; now: Date },
): Promise<number> {
  return db.prisma.$executeRaw`
    UPDATE contact SET
      state = CASE WHEN ${until}::timestamptz IS NULL THEN 'final' ELSE 'waiting' END::"ContactState",
      disposition = CASE WHEN ${until}::timestamptz IS NULL THEN 'blacklisted' ELSE disposition END,
      final_at = CASE WHEN ${until}::timestamptz IS NULL THEN ${now}::timestamptz END,
      next_at = greatest(next_at, ${until}::timestamptz),
      blocked = 'blacklisted'
    WHERE tenant_id = ANY (${tenants}::text[]) AND phone_e164 = ANY (${phones}::text[])
      AND state = 'waiting' AND (${scope} = ${EVERY} OR campaign_id::text = ${scope})`;
}

/** Calls for later that belong to no campaign; an entry for one campaign does not concern them. */
export async function stopScheduledCalls(db: Db, { tenants, scope, phones }: Reach): Promise<number> {
  if (scope !== EVERY) return 0;
  return db.prisma.$executeRaw`
    UPDATE scheduled_call SET state = 'cancelled', blocked = 'blacklisted'
    WHERE tenant_id = ANY (${tenants}::text[]) AND phone_e164 = ANY (${phones}::text[])
      AND state = 'waiting'`;
}

/** Calls from the API to these people that are not sent yet are too late from now on: a dial under way sees the change of the row, the reaper ends them. */
export async function stopApiCalls(db: Db, { tenants, scope, phones }: Reach, now: Date): Promise<void> {
  if (scope !== EVERY) return;
  await db.prisma.$executeRaw`
    UPDATE call SET not_after = ${now}::timestamptz, lease_until = ${now}::timestamptz
    WHERE tenant_id = ANY (${tenants}::text[]) AND phone_e164 = ANY (${phones}::text[]) AND state = 'reserved' AND wrapped_at IS NULL AND contact_id IS NULL`;
}
