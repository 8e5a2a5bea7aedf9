import type { CallSign, CallSignal, NumberTally } from '@carillon/campaigns';
import { tallyCalls } from '@carillon/campaigns';
import type { Disposition } from '@carillon/contracts';
import type { Db } from '../transaction.js';

/** How the newest calls of a campaign came out, those that are open and have been answered or lost, or were refused for what was asked, included: what a breaker judges by. */
export async function listCallSignals(db: Db, campaignId: string, limit: number): Promise<CallSignal[]> {
  const rows = await db.prisma.call.findMany({
    where: {
      ...{ campaignId, dialedAt: { not: null } },
      OR: [{ state: { in: ['unknown', 'answered', 'ended'] } }, { state: 'released', disposition: { not: null } }],
    },
    orderBy: { createdAt: 'desc' },
    take: limit,
    select: { dialedAt: true, answeredAt: true, endedAt: true, disposition: true, state: true },
  });
  return rows.flatMap(({ dialedAt, answeredAt, endedAt, disposition, state }): CallSignal[] => {
    const sign = signOf(state, disposition);
    return dialedAt && sign ? [{ dialedAt, at: endedAt ?? answeredAt ?? dialedAt, sign }] : [];
  });
}

function signOf(state: string, disposition: string | null): CallSign | null {
  if (state === 'answered') return 'answered';
  if (state === 'unknown') return 'unknown';
  if (state === 'released') return 'refused';
  return disposition as Disposition | null; // not wrapped up yet: says nothing
}

/** Calls of a campaign that were dialed since an instant. */
export function countDialedSince(db: Db, campaignId: string, since: Date): Promise<number> {
  return db.prisma.call.count({ where: { campaignId, dialedAt: { gte: since }, state: { not: 'released' } } });
}

export interface NumberRecord {
  tenantId: string;
  phoneE164: string;
  rests: number;
  tally: NumberTally;
}

/** Registered numbers that do not rest, with what their calls came to since then: since their last rest, if that is later. */
export async function listNumberRecords(db: Db, since: Date, now: Date): Promise<NumberRecord[]> {
  const rows = await db.prisma.$queryRaw<{ tenantId: string; phoneE164: string; rests: number; dispositions: Disposition[] }[]>`
    SELECT number.tenant_id AS "tenantId", number.phone_e164 AS "phoneE164", number.rests,
           coalesce(array_agg(call.disposition) FILTER (WHERE call.disposition IS NOT NULL), '{}') AS dispositions
    FROM caller_number number
    LEFT JOIN call ON call.caller_number = number.phone_e164 AND call.tenant_id = number.tenant_id AND call.wrapped_at IS NOT NULL
      AND call.created_at > greatest(${since}::timestamptz, coalesce(number.resting_until, '-infinity'))
    WHERE number.enabled AND (number.resting_until IS NULL OR number.resting_until <= ${now}::timestamptz)
    GROUP BY number.tenant_id, number.phone_e164`;
  return rows.map(({ dispositions, ...row }) => ({ ...row, tally: tallyCalls(dispositions) }));
}

/** Lets a number rest, and notes that it did. */
export async function restNumber(
  db: Db,
  { tenantId, phoneE164 }: { tenantId: string; phoneE164: string },
  rest: { until: Date; reason: string },
): Promise<void> {
  await db.prisma.callerNumber.updateMany({
    where: { tenantId, phoneE164 },
    data: { restingUntil: rest.until, restReason: rest.reason, rests: { increment: 1 } },
  });
}
