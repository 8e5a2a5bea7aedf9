import type { CallView } from '@carillon/contracts';
import type { Db } from '../transaction.js';
import { callViewParts, toCallView } from './call-view.js';

/** As the reference peer: the newest calls, without paging. */
const NEWEST = 100;

export async function findCall(db: Db, key: { tenantId: string; callId: string }): Promise<CallView | null> {
  const call = await db.prisma.call.findFirst({ where: { id: key.callId, tenantId: key.tenantId }, include: callViewParts });
  return call && toCallView(call);
}

/** The newest call to or from this number. */
export async function findLatestCallOfPhone(db: Db, key: { tenantId: string; phoneE164: string }): Promise<CallView | null> {
  const [call] = await listCalls(db, key, 1);
  return call ?? null;
}

/** The newest calls of the tenant, newest first; only those of one number where it is given. */
export async function listCalls(db: Db, filter: { tenantId: string; phoneE164?: string }, limit = NEWEST): Promise<CallView[]> {
  const calls = await db.prisma.call.findMany({
    where: { tenantId: filter.tenantId, ...(filter.phoneE164 === undefined ? {} : { phoneE164: filter.phoneE164 }) },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
    include: callViewParts,
  });
  return calls.map(toCallView);
}
