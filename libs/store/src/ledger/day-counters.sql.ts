import type { Db } from '../transaction.js';

/** One thing that may have a daily cap. */
export interface CounterKey {
  tenantId: string;
  scope: 'campaign' | 'tenant' | 'number' | 'account';
  key: string;
}

/** Its calls of one day, as midnight UTC of that date: the tenant's own day, but for the account's. */
export interface DayCounter extends CounterKey {
  day: Date;
}

/** The account at the carrier is nobody's alone. */
export const ACCOUNT_COUNTER: CounterKey = { tenantId: '*', scope: 'account', key: '*' };

/** The account has one day for all tenants, that of UTC. */
export function accountDayOf(moment: Date): Date {
  return new Date(moment.toISOString().slice(0, 10));
}

export const counterName = ({ tenantId, scope, key }: CounterKey): string => `${tenantId} ${scope} ${key}`;

/**
 * Calls charged so far, by {@link counterName}; of a counter that is asked for on two days, the later one's. Nobody else can charge them until the transaction ends: what is read
 * here is what a cap may be held against. Rows are locked in one order, whatever their days: as long as each transaction names all its counters in one call of this,
 * before it locks anything else, no two can wait for each other.
 */
export async function lockCounters(transaction: Db, counters: readonly DayCounter[]): Promise<Map<string, number>> {
  const { tenants, scopes, names, days } = columnsOf(counters);
  await transaction.prisma.$executeRaw`
    INSERT INTO dial_counter (tenant_id, scope, key, day)
    SELECT tenant_id, scope, key, day FROM unnest(${tenants}::text[], ${scopes}::text[], ${names}::text[], ${days}::date[]) AS wanted (tenant_id, scope, key, day)
    ORDER BY tenant_id, scope, key, day
    ON CONFLICT DO NOTHING`;
  const rows = await transaction.prisma.$queryRaw<(CounterKey & { used: number })[]>`
    SELECT dial_counter.tenant_id AS "tenantId", dial_counter.scope, dial_counter.key, dial_counter.used
    FROM dial_counter
    JOIN unnest(${tenants}::text[], ${scopes}::text[], ${names}::text[], ${days}::date[]) AS wanted (tenant_id, scope, key, day) USING (tenant_id, scope, key, day)
    ORDER BY tenant_id, scope, key, day
    FOR UPDATE OF dial_counter`;
  return new Map(rows.map((row) => [counterName(row), row.used]));
}

/** Charges calls to counters, or gives them back where they are less than none. Locked ones: {@link lockCounters}. */
export async function chargeCounters(transaction: Db, charges: readonly (DayCounter & { calls: number })[]): Promise<void> {
  if (charges.length === 0) return;
  const { tenants, scopes, names, days } = columnsOf(charges);
  await transaction.prisma.$executeRaw`
    INSERT INTO dial_counter (tenant_id, scope, key, day, used)
    SELECT tenant_id, scope, key, day, calls
    FROM unnest(${tenants}::text[], ${scopes}::text[], ${names}::text[], ${days}::date[], ${charges.map(({ calls }) => calls)}::int[])
      AS charge (tenant_id, scope, key, day, calls)
    ORDER BY tenant_id, scope, key, day
    ON CONFLICT (tenant_id, scope, key, day) DO UPDATE SET used = dial_counter.used + excluded.used`;
}

function columnsOf(counters: readonly DayCounter[]) {
  return {
    tenants: counters.map(({ tenantId }) => tenantId),
    scopes: counters.map(({ scope }) => scope),
    names: counters.map(({ key }) => key),
    days: counters.map(({ day }) => day.toISOString().slice(0, 10)),
  };
}
