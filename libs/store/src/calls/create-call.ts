import { randomUUID } from 'node:crypto';
import {
  type CallerNumber,
  type DialFacts,
  mayDial,
  nextCallingTime,
  policiesOf,
  type Reason,
  ringLimitsOf,
  ringTimeoutWithin,
  type Verdict,
} from '@carillon/campaigns';
import { CarillonError, RefusedError, type Initiate } from '@carillon/contracts';
import { toJson } from '../json.js';
import { listCallerNumbers } from '../ledger/caller-numbers.sql.js';
import { ACCOUNT_COUNTER, accountDayOf, chargeCounters, lockCounters, type DayCounter } from '../ledger/day-counters.sql.js';
import { gateFactsOf, type AskedRules } from '../ledger/gate-facts.js';
import { gatherFacts, type AccountCaps, type StoredFacts } from '../ledger/gather-facts.sql.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';
import { chooseApiNumber } from './choose-api-number.js';
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
 * Asks the gate, chooses one of the tenant's numbers, and writes conversation, call (`reserved`) and the claim on the person in one transaction, and answers the call's id. Throws
 * `already_in_call` when the person is in a call, whatever campaign that belongs to, and `refused` when the gate says no, or none of the tenant's numbers has room. A call that is there already under this id is
 * left as it is.
 */
export function createCall(store: Store, input: NewCall): Promise<string> {
  return inTransaction(store, (transaction) => insertCall(transaction, input));
}

/** What a call will be charged to, locked: nobody else can charge it until the transaction ends. */
export interface LockedDay {
  callId: string;
  numbers: readonly CallerNumber[];
  day: Date;
  /** As locked, by `counterName`. */
  used: ReadonlyMap<string, number>;
}

/** The same within a transaction, whose first lock this is: {@link lockDay}. */
async function insertCall(transaction: Db, input: NewCall): Promise<string> {
  return insertLocked(transaction, input, await lockDay(transaction, input));
}

/** Counters before everything else, as whoever charges them or gives them back does. All numbers of the tenant: one of them will be chosen. */
export async function lockDay(transaction: Db, { callId = randomUUID(), tenantId, phoneE164, now }: NewCall): Promise<LockedDay> {
  const { today } = await gather(transaction, { tenantId, phoneE164, now }, callId);
  const numbers = (await listCallerNumbers(transaction, [tenantId])).get(tenantId) ?? [];
  const day = new Date(today.day);
  const own = numbers.map(({ phoneE164: key }): DayCounter => ({ tenantId, scope: 'number', key, day }));
  const used = await lockCounters(transaction, [...dayCounters(tenantId, day, now), ...own]);
  return { callId, numbers, day, used };
}

/** Asks the gate, and writes the call down, for a transaction that holds its counters. */
export async function insertLocked(transaction: Db, input: NewCall, locked: LockedDay): Promise<string> {
  const { callId, day } = locked;
  const { tenantId, now } = input;
  if ((await claim(transaction, input, callId)) === 'same') return callId;
  const { callerNumber, ringTimeoutMs } = await askGate(transaction, input, locked);
  const charged = dayCounters(tenantId, day, now);
  if (callerNumber !== null) charged.push({ tenantId, scope: 'number', key: callerNumber, day });
  await chargeCounters(
    transaction,
    charged.map((counter) => ({ ...counter, calls: 1 })),
  );
  const conversationId = input.conversationId ?? (await openConversation(transaction, input));
  await transaction.prisma.call.create({
    data: { ...callRow(input, callId), callerNumber, ringTimeoutMs, conversationId, chargedOn: day },
  });
  return callId;
}

function gather(
  db: Db,
  { tenantId, phoneE164, now }: Pick<NewCall, 'tenantId' | 'phoneE164' | 'now'>,
  callId: string,
): Promise<StoredFacts> {
  return gatherFacts(db, { tenantId, phoneE164, callId, now, campaignId: null, contactId: null, callerNumber: null });
}

function dayCounters(tenantId: string, day: Date, now: Date): DayCounter[] {
  return [
    { tenantId, scope: 'tenant', key: '*', day },
    { ...ACCOUNT_COUNTER, day: accountDayOf(now) },
  ];
}

interface Cleared {
  /** Null: one of the configuration. */
  callerNumber: string | null;
  /** Within what the policies allow. */
  ringTimeoutMs: number;
}

/** On the facts as they are now that the person and the counters are ours. */
async function askGate(transaction: Db, input: NewCall, { callId, numbers, used }: LockedDay): Promise<Cleared> {
  const { tenantId, phoneE164, maxCallMs, asked = NO_RULES, account = NO_CAPS, now } = input;
  const stored = await gather(transaction, input, callId);
  const question = { phoneE164, maxCallMs, campaignId: null, charged: false, ...asked };
  const facts = gateFactsOf(stored, question, account, now);
  const verdict = mayDial(facts);
  const { time_zone: timeZone } = stored.tenant;
  const places = { place: facts.bucket, timeZone };
  const choice = await chooseApiNumber(transaction, { tenantId, callId, phoneE164, numbers, counters: used, ...places, now });
  if (choice.shortage) throw new RefusedError(refusalOf(withReason(facts, verdict, choice.shortage)));
  if (!verdict.allowed) throw new RefusedError(refusalOf(verdict));
  const ringTimeoutMs = ringTimeoutWithin(ringLimitsOf(policiesOf(facts), facts.bucket), input.ringTimeoutMs);
  return { callerNumber: choice.callerNumber, ringTimeoutMs };
}

/** When that has ended as well, the phones may be closed; then they open later. */
function withReason(facts: DialFacts, { reasons, nextAt, allowed }: Verdict, reason: Reason): Pick<Verdict, 'reasons' | 'nextAt'> {
  const others = allowed ? facts.now : nextAt;
  const ends = others && reason.until && (others > reason.until ? others : reason.until);
  return { reasons: [...reasons, reason], nextAt: ends && nextCallingTime(facts, ends) };
}

async function openConversation(transaction: Db, { tenantId, phoneE164, initiate, now }: NewCall): Promise<string> {
  const id = randomUUID();
  await transaction.prisma.conversation.create({ data: { id, tenantId, phoneE164, initiate: toJson(initiate), createdAt: now } });
  return id;
}

function callRow(input: NewCall, id: string) {
  const { tenantId, phoneE164, maxCallMs, traceparent, notAfter, asked = NO_RULES } = input;
  return {
    ...{ id, tenantId, phoneE164, maxCallMs, traceparent, notAfter },
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
