import { randomUUID } from 'node:crypto';
import { CarillonError, type Initiate } from '@carillon/contracts';
import { toJson } from '../json.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';
import { claimPerson } from './claim-person.sql.js';

/** A call that is asked for by REST: no campaign, no contact, dialed at once. */
export interface NewCall {
  tenantId: string;
  phoneE164: string;
  initiate: Initiate;
  ringTimeoutMs: number;
  maxCallMs: number;
  traceparent: string | null;
  now: Date;
  /** The phone must not be dialed after this instant; the reservation ends with it. */
  notAfter: Date;
}

/**
 * Writes conversation, call (`reserved`) and the claim on the person in one transaction, and answers the call's id. Throws
 * `already_in_call` when the person is in a call, whatever campaign that belongs to.
 */
export function createCall(store: Store, input: NewCall): Promise<string> {
  return inTransaction(store, async (transaction) => {
    const callId = randomUUID();
    await claim(transaction, input, callId);
    await transaction.prisma.conversation.create({
      data: {
        id: randomUUID(),
        tenantId: input.tenantId,
        phoneE164: input.phoneE164,
        initiate: toJson(input.initiate),
        createdAt: input.now,
        calls: { create: callRow(input, callId) },
      },
    });
    return callId;
  });
}

function callRow(input: NewCall, id: string) {
  const { tenantId, phoneE164, ringTimeoutMs, maxCallMs, traceparent, notAfter } = input;
  return {
    ...{ id, tenantId, phoneE164, ringTimeoutMs, maxCallMs, traceparent, notAfter },
    leaseUntil: notAfter,
    attemptNo: 1,
    createdAt: input.now,
  };
}

async function claim(transaction: Db, { tenantId, phoneE164 }: NewCall, callId: string): Promise<void> {
  if (await claimPerson(transaction, { tenantId, phoneE164, callId })) return;
  const open = await transaction.prisma.inFlight.findFirst({ where: { tenantId, phoneE164 } });
  const fix = open ? `call ${open.callId} is open; watch it under /call/${open.callId} and try again when it has ended` : 'try again';
  throw new CarillonError('already_in_call', [{ field: 'phone_number', message: `${phoneE164} is in a call right now: ${fix}` }]);
}
