import { randomUUID } from 'node:crypto';
import { mayDial } from '@carillon/campaigns';
import { CarillonError, RefusedError, type Initiate } from '@carillon/contracts';
import { toJson } from '../json.js';
import { ACCOUNT_COUNTER, chargeCounters, counterName, lockCounters, type CounterKey } from '../ledger/day-counters.sql.js';
import { gateFactsOf, type AskedRules } from '../ledger/gate-facts.js';
import { gatherFacts, type AccountCaps, type StoredFacts } from '../ledger/gather-facts.sql.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';
import { claimPerson } from './claim-person.sql.js';
import { refusalOf } from './refusal-of.js';

/** A call that is asked for by REST: no campaign, no contact, dialed at once. */
export interface NewCall {
  /** Chosen by the caller, so that asking twice makes one call. */
  callId?: string | undefined;
  tenantId: string;
  phoneE164: string;
  initiate: Initiate;
  /** Left out: the policy `none`, besides the tenant's own. */
  asked?: Asked | undefined;
  /** Left out: the account has no cap. */
  account?: AccountCaps | undefined;
  /** Goes on with an earlier conversation: what was said and collected in it is known. */
  conversationId?: string | undefined;
  ringTimeoutMs: number;
  maxCallMs: number;
  traceparent: string | null;
  now: Date;
  /** The phone must not be dialed after this instant; the reservation ends with it. */
  notAfter: Date;
}

/** What the call is judged by, kept with it for the second look in the instant of dialing. */
export interface Asked extends AskedRules {
  /** Fingerprint of the request, for another one under the same idempotency key. */
  body?: string | undefined;
}

export const NO_RULES: Asked = { policies: ['none'], consent: null };
const NO_CAPS: AccountCaps = { dailyCap: null };

/**
 * Asks the gate and writes conversation, call (`reserved`) and the claim on the person in one transaction, and answers the call's id. Throws
 * `already_in_call` when the person is in a call, whatever campaign that belongs to, and `refused` when the gate says no. A call that is there already under this id is
 * left as it is.
 */
export function createCall(store: Store, input: NewCall): Promise<string> {
  return inTransaction(store, (transaction) => insertCall(transaction, input));
}

/** The same within a transaction. */
export async function insertCall(transaction: Db, input: NewCall): Promise<string> {
  const callId = input.callId ?? randomUUID();
  const facts = await gather(transaction, input, callId);
  // Counters first, then the person: the order in which a claim takes them.
  const counters = dayCounters(input);
  const used = await lockCounters(transaction, new Date(facts.today.day), counters);
  if ((await claim(transaction, input, callId)) === 'same') return callId;
  await askGate(transaction, input, callId, used);
  await chargeCounters(
    transaction,
    new Date(facts.today.day),
    counters.map((counter) => ({ ...counter, calls: 1 })),
  );
  const conversationId = input.conversationId ?? (await openConversation(transaction, input));
  await transaction.prisma.call.create({ data: { ...callRow(input, callId), conversationId, chargedOn: new Date(facts.today.day) } });
  return callId;
}

function gather(db: Db, { tenantId, phoneE164, now }: NewCall, callId: string): Promise<StoredFacts> {
  return gatherFacts(db, { tenantId, phoneE164, callId, now, campaignId: null, contactId: null, callerNumber: null });
}

const dayCounters = ({ tenantId }: NewCall): CounterKey[] => [{ tenantId, scope: 'tenant', key: '*' }, ACCOUNT_COUNTER];

/** On the facts as they are now that the person and the counters are ours. */
async function askGate(transaction: Db, input: NewCall, callId: string, used: Map<string, number>): Promise<void> {
  const { tenantId, phoneE164, maxCallMs, asked = NO_RULES, account = NO_CAPS, now } = input;
  const facts = await gather(transaction, input, callId);
  const usedBy = (key: CounterKey) => used.get(counterName(key)) ?? 0;
  const today = { ...facts.today, tenant: usedBy({ tenantId, scope: 'tenant', key: '*' }), account: usedBy(ACCOUNT_COUNTER) };
  const question = { phoneE164, maxCallMs, campaignId: null, charged: false, ...asked };
  const verdict = mayDial(gateFactsOf({ ...facts, today }, question, account, now));
  if (!verdict.allowed) throw new RefusedError(refusalOf(verdict));
}

async function openConversation(transaction: Db, { tenantId, phoneE164, initiate, now }: NewCall): Promise<string> {
  const id = randomUUID();
  await transaction.prisma.conversation.create({ data: { id, tenantId, phoneE164, initiate: toJson(initiate), createdAt: now } });
  return id;
}

function callRow(input: NewCall, id: string) {
  const { tenantId, phoneE164, ringTimeoutMs, maxCallMs, traceparent, notAfter, asked = NO_RULES } = input;
  return {
    ...{ id, tenantId, phoneE164, ringTimeoutMs, maxCallMs, traceparent, notAfter },
    leaseUntil: notAfter,
    attemptNo: 1,
    decision: toJson({ asked }),
    createdAt: input.now,
  };
}

/** `same`: the person is in this very call, which was asked for before. */
async function claim(transaction: Db, { tenantId, phoneE164 }: NewCall, callId: string): Promise<'claimed' | 'same'> {
  if (await claimPerson(transaction, { tenantId, phoneE164, callId })) return 'claimed';
  const open = await transaction.prisma.inFlight.findFirst({ where: { tenantId, phoneE164 } });
  if (open?.callId === callId) return 'same';
  const fix = open ? `call ${open.callId} is open; watch it under /call/${open.callId} and try again when it has ended` : 'try again';
  throw new CarillonError('already_in_call', [{ field: 'phone_number', message: `${phoneE164} is in a call right now: ${fix}` }]);
}
