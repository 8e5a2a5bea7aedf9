import { mayDial, type Verdict } from '@carillon/campaigns';
import type { Initiate, ScheduledCallSource } from '@carillon/contracts';
import { toJson } from '../json.js';
import { gateFactsOf } from '../ledger/gate-facts.js';
import { gatherFacts, type AccountCaps } from '../ledger/gather-facts.sql.js';
import type { Db } from '../transaction.js';
import type { Asked } from './create-call.js';

/** A call for later that belongs to no contact of a campaign. */
export interface NewScheduledCall {
  /** The call will have the same one. */
  id: string;
  tenantId: string;
  phoneE164: string;
  initiate: Initiate;
  asked: Asked;
  source: ScheduledCallSource;
  reason: string | null;
  nextAt: Date;
  notAfter: Date;
  /** Code of the refusal that it waits for. */
  blocked: string | null;
  /** The call in which it was promised: one for each promise. */
  fromCallId?: string | null;
  now: Date;
}

/** Writes it down once: false when it is there already. */
export async function scheduleCall(db: Db, { initiate, asked, now, ...call }: NewScheduledCall): Promise<boolean> {
  const data = { ...call, initiate: toJson({ ...initiate, asked }), policies: [...asked.policies], createdAt: now };
  const { count } = await db.prisma.scheduledCall.createMany({ data: [data], skipDuplicates: true });
  return count > 0;
}

/**
 * What the gate would say to such a call at an instant that may lie ahead, as far as one can tell now. That the person is in a call at present does not count: that
 * call will be over.
 */
export async function foreseeCall(
  db: Db,
  call: { tenantId: string; phoneE164: string; asked: Asked; maxCallMs: number; account: AccountCaps; at: Date },
): Promise<Verdict> {
  const { tenantId, phoneE164, asked, maxCallMs, account, at } = call;
  const facts = await gatherFacts(db, {
    tenantId,
    phoneE164,
    now: at,
    callId: null,
    campaignId: null,
    contactId: null,
    callerNumber: null,
  });
  const question = { phoneE164, maxCallMs, campaignId: null, charged: false, ...asked };
  return mayDial(gateFactsOf({ ...facts, openCallId: null }, question, account, at));
}
