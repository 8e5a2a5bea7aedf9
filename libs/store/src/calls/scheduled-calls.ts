import type { Initiate, Page, ScheduledCallState, ScheduledCallView } from '@carillon/contracts';
import { CarillonError } from '@carillon/contracts';
import { writeAudit } from '../audit/audit-trail.js';
import type { ScheduledCall as Row } from '../generated/client.js';
import { fromJson } from '../json.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';
import type { Asked } from './create-call.js';

/** A call for later, with what it will be asked for with. */
export interface ScheduledCall extends Omit<Row, 'initiate' | 'policies'> {
  initiate: Initiate;
  asked: Asked;
}

interface ScheduledCallKey {
  tenantId: string;
  scheduledCallId: string;
}

export async function findScheduledCall(db: Db, key: ScheduledCallKey): Promise<ScheduledCall | null> {
  const row = await db.prisma.scheduledCall.findFirst({ where: { id: key.scheduledCallId, tenantId: key.tenantId } });
  return row && scheduledCallOf(row);
}

/** The tenant's calls for later, the next first. One whose time is changed while they are read may come twice, or not at all. */
export async function listScheduledCalls(
  db: Db,
  query: { tenantId: string; state?: ScheduledCallState | undefined; limit: number; after?: string | undefined },
): Promise<Page<ScheduledCallView>> {
  const { tenantId, state, limit, after } = query;
  const where = { tenantId, ...(state === undefined ? {} : { state }), ...(after === undefined ? {} : followsOn(after)) };
  const rows = await db.prisma.scheduledCall.findMany({ where, orderBy: [{ nextAt: 'asc' }, { id: 'asc' }], take: limit + 1 });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map((row) => scheduledCallView(scheduledCallOf(row))),
    next: last ? `${last.nextAt.getTime()}.${last.id}` : null,
  };
}

function followsOn(after: string) {
  const [time = '', id = ''] = after.split('.');
  const nextAt = new Date(Number(time));
  return { nextAt: { gte: nextAt }, OR: [{ nextAt: { gt: nextAt } }, { id: { gt: id } }] };
}

/** Throws `not_found`, also for one that does not wait any more. */
export function cancelScheduledCall(
  store: Store,
  { tenantId, scheduledCallId, actor, now }: ScheduledCallKey & { actor: string; now: Date },
): Promise<void> {
  return inTransaction(store, async (transaction) => {
    const where = { id: scheduledCallId, tenantId, state: 'waiting' as const };
    const { count } = await transaction.prisma.scheduledCall.updateMany({ where, data: { state: 'cancelled' } });
    if (count === 0) throw new CarillonError('not_found', [{ field: 'id', message: 'There is no scheduled call that waits with this id' }]);
    await writeAudit(transaction, { tenantId, actor, action: 'cancel', subject: 'call', subjectId: scheduledCallId, at: now });
  });
}

export function scheduledCallOf({ initiate, policies, ...row }: Row): ScheduledCall {
  const { asked = { policies, consent: null }, ...started } = fromJson<Initiate & { asked?: Asked }>(initiate);
  return { ...row, initiate: started, asked };
}

export function scheduledCallView(call: ScheduledCall): ScheduledCallView {
  return {
    scheduled_call_id: call.id,
    state: call.state,
    source: call.source,
    reason: call.reason,
    initiate: { ...call.initiate, phone_number: call.phoneE164 },
    policies: [...call.asked.policies],
    next_at: call.nextAt.toISOString(),
    not_after: call.notAfter.toISOString(),
    blocked: call.blocked,
    call_id: call.callId,
    created_at: call.createdAt.toISOString(),
  };
}
