import type { CallerNumber } from '@carillon/campaigns';
import type { Db } from '../transaction.js';

/** Our numbers, by tenant; a tenant that registered none has none here. */
export async function listCallerNumbers(db: Db, tenantIds: readonly string[]): Promise<Map<string, CallerNumber[]>> {
  const rows = await db.prisma.callerNumber.findMany({
    where: { tenantId: { in: [...tenantIds] } },
    select: {
      tenantId: true,
      phoneE164: true,
      country: true,
      region: true,
      maxConcurrent: true,
      dailyCap: true,
      enabled: true,
      restingUntil: true,
    },
  });
  const byTenant = new Map<string, CallerNumber[]>(tenantIds.map((id) => [id, []]));
  for (const { tenantId, ...number } of rows) byTenant.get(tenantId)?.push(number);
  return byTenant;
}

/** Open calls that show each number, of these tenants or of all. */
export async function countCallsByNumber(
  db: Db,
  tenantIds: readonly string[] | null = null,
): Promise<{ tenantId: string; phoneE164: string; open: number }[]> {
  return db.prisma.$queryRaw<{ tenantId: string; phoneE164: string; open: number }[]>`
    SELECT tenant_id AS "tenantId", caller_number AS "phoneE164", count(*)::int AS open FROM call
    WHERE wrapped_at IS NULL AND state IN ('reserved', 'dialing', 'unknown', 'placed', 'ringing', 'answered') AND caller_number IS NOT NULL
      AND (${tenantIds === null}::bool OR tenant_id = ANY (${[...(tenantIds ?? [])]}::text[]))
    GROUP BY tenant_id, caller_number`;
}

/** The numbers that contacts were called from before, one entry a call. */
export async function listShownNumbers(db: Db, contactIds: readonly bigint[]): Promise<Map<bigint, string[]>> {
  const calls = await db.prisma.call.findMany({
    where: { contactId: { in: [...contactIds] }, callerNumber: { not: null }, state: { not: 'released' } },
    select: { contactId: true, callerNumber: true },
  });
  const shown = new Map<bigint, string[]>();
  for (const { contactId, callerNumber } of calls) {
    if (contactId === null || callerNumber === null) continue;
    shown.set(contactId, [...(shown.get(contactId) ?? []), callerNumber]);
  }
  return shown;
}

/** The numbers that a person was called from before, one entry a call, the newest hundred. */
export async function listNumbersShownTo(db: Db, { tenantId, phoneE164 }: { tenantId: string; phoneE164: string }): Promise<string[]> {
  const calls = await db.prisma.call.findMany({
    where: { tenantId, phoneE164, callerNumber: { not: null }, state: { not: 'released' } },
    select: { callerNumber: true },
    orderBy: { createdAt: 'desc' },
    take: 100,
  });
  return calls.flatMap(({ callerNumber }) => (callerNumber === null ? [] : [callerNumber]));
}

/** Writes down which number each of some reserved calls will show. */
export async function assignCallerNumbers(db: Db, choices: readonly { callId: string; phoneE164: string }[]): Promise<void> {
  await db.prisma.$executeRaw`
    UPDATE call SET caller_number = choice.phone_e164
    FROM unnest(${choices.map(({ callId }) => callId)}::uuid[], ${choices.map(({ phoneE164 }) => phoneE164)}::text[]) AS choice (call_id, phone_e164)
    WHERE call.id = choice.call_id`;
}
