import type { CallerNumber, CallerNumberUsage } from '@carillon/campaigns';
import { countCallsByNumber, listCallerNumbers } from '../ledger/caller-numbers.sql.js';
import type { Db } from '../transaction.js';

export interface PooledNumber {
  number: CallerNumber;
  usage: CallerNumberUsage;
}

interface PoolQuery {
  tenantId: string;
  /** Of the tenant, as a date: 2026-03-02. */
  day: string;
  /** The campaign's choice; null: each that the tenant has. */
  only: readonly string[] | null;
}

/** The numbers that a campaign may show, with what they are used for now. Null where the tenant registered none: those of the configuration have no limits. */
export async function callerNumberPool(db: Db, { tenantId, day, only }: PoolQuery): Promise<PooledNumber[] | null> {
  const registered = (await listCallerNumbers(db, [tenantId])).get(tenantId) ?? [];
  if (registered.length === 0) return null;
  const [counters, calls] = await Promise.all([
    db.prisma.dialCounter.findMany({ where: { tenantId, scope: 'number', day: new Date(`${day}T00:00:00Z`) } }),
    countCallsByNumber(db, [tenantId]),
  ]);
  return registered
    .filter(({ phoneE164 }) => only?.includes(phoneE164) ?? true)
    .map((number) => ({
      number,
      usage: {
        today: counters.find(({ key }) => key === number.phoneE164)?.used ?? 0,
        open: calls.find((each) => each.tenantId === tenantId && each.phoneE164 === number.phoneE164)?.open ?? 0,
      },
    }));
}
