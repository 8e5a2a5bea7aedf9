import type { Db } from '../transaction.js';

/** One thing that may have a daily cap. */
export interface CounterKey {
  tenantId: string;
  scope: 'campaign' | 'tenant' | 'number' | 'account';
  key: string;
}

/** The account at the carrier is nobody's alone. */
export const ACCOUNT_COUNTER: CounterKey = { tenantId: '*', scope: 'account', key: '*' };

export const counterName = ({ tenantId, scope, key }: CounterKey): string => `${tenantId} ${scope} ${key}`;

/**
 * Calls charged on one day, by {@link counterName}, and nobody else can charge them until the transaction ends: what is read here is what a cap may be held against.
 * Rows are locked in one order, so that two transactions cannot wait for each other.
 */
export async function lockCounters(transaction: Db, day: Date, keys: readonly CounterKey[]): Promise<Map<string, number>> {
  const { tenants, scopes, names } = columnsOf(keys);
  await transaction.prisma.$executeRaw`
    INSERT INTO dial_counter (tenant_id, scope, key, day)
    SELECT tenant_id, scope, key, ${day}::date FROM unnest(${tenants}::text[], ${scopes}::text[], ${names}::text[]) AS wanted (tenant_id, scope, key)
    ORDER BY tenant_id, scope, key
    ON CONFLICT DO NOTHING`;
  const rows = await transaction.prisma.$queryRaw<(CounterKey & { used: number })[]>`
    SELECT dial_counter.tenant_id AS "tenantId", dial_counter.scope, dial_counter.key, dial_counter.used
    FROM dial_counter JOIN unnest(${tenants}::text[], ${scopes}::text[], ${names}::text[]) AS wanted (tenant_id, scope, key) USING (tenant_id, scope, key)
    WHERE dial_counter.day = ${day}::date
    ORDER BY tenant_id, scope, key
    FOR UPDATE OF dial_counter`;
  return new Map(rows.map((row) => [counterName(row), row.used]));
}

/** Charges calls to counters. */
export async function chargeCounters(transaction: Db, day: Date, charges: readonly (CounterKey & { calls: number })[]): Promise<void> {
  if (charges.length === 0) return;
  const { tenants, scopes, names } = columnsOf(charges);
  await transaction.prisma.$executeRaw`
    INSERT INTO dial_counter (tenant_id, scope, key, day, used)
    SELECT tenant_id, scope, key, ${day}::date, calls
    FROM unnest(${tenants}::text[], ${scopes}::text[], ${names}::text[], ${charges.map(({ calls }) => calls)}::int[]) AS charge (tenant_id, scope, key, calls)
    ORDER BY tenant_id, scope, key
    ON CONFLICT (tenant_id, scope, key, day) DO UPDATE SET used = dial_counter.used + excluded.used`;
}

function columnsOf(keys: readonly CounterKey[]) {
  return { tenants: keys.map(({ tenantId }) => tenantId), scopes: keys.map(({ scope }) => scope), names: keys.map(({ key }) => key) };
}
