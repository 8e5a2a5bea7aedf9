import { mayDial } from '@carillon/campaigns';
import { accountDayOf, chargeCounters, lockCounters, type DayCounter } from '../ledger/day-counters.sql.js';
import { gatedCallOf, gateFactsOf, isChargedToday } from '../ledger/gate-facts.js';
import { gatherFacts, type AccountCaps, type StoredFacts } from '../ledger/gather-facts.sql.js';
import { findLedgerCall, type CallKey, type LedgerCall } from '../ledger/ledger-call.js';
import { countersOf } from '../ledger/release-call.sql.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';

export type Recharge = CallKey & { account: AccountCaps; now: Date };

/**
 * A call from the API that was asked for before midnight and is dialed after it counts on the new day: charges it to that, and gives the old day back what it had. False when the gate,
 * asked as for a new call, has no room for it (it stays as it was), or when it is not reserved any more. Harmless when repeated.
 */
export function rechargeCall(store: Store, recharge: Recharge): Promise<boolean> {
  return inTransaction(store, async (transaction) => {
    const seen = await look(transaction, recharge);
    if (!seen) return false;
    const { before, after } = countersBetween(seen, recharge.now);
    await lockCounters(transaction, [...before, ...after]);
    await transaction.prisma.$executeRaw`SELECT FROM call WHERE id = ${recharge.callId}::uuid FOR UPDATE`;
    const current = await look(transaction, recharge);
    if (!current || isChargedToday(current.call, current.facts)) return current !== null;
    // Another one charged it anew, and these are not its counters.
    if (dayOf(current) !== dayOf(seen) || !mayBeCharged(current, recharge)) return false;
    await chargeCounters(transaction, [
      ...before.map((counter) => ({ ...counter, calls: -1 })),
      ...after.map((counter) => ({ ...counter, calls: 1 })),
    ]);
    await noteCharge(transaction, recharge, current.facts);
    return true;
  });
}

interface Seen {
  call: LedgerCall;
  facts: StoredFacts;
}

async function look(transaction: Db, { tenantId, callId, now }: Recharge): Promise<Seen | null> {
  const call = await findLedgerCall(transaction, { tenantId, callId });
  if (call?.state !== 'reserved' || call.contactId !== null || !call.chargedOn || !call.accountChargedOn) return null;
  const { phoneE164, callerNumber } = call;
  return {
    call,
    facts: await gatherFacts(transaction, { tenantId, phoneE164, callId, callerNumber, now, campaignId: null, contactId: null }),
  };
}

const dayOf = ({ call }: Seen) => `${call.chargedOn?.getTime()} ${call.accountChargedOn?.getTime()}`;

/** Those of a day that has not ended stay charged, and are in neither. */
function countersBetween({ call, facts }: Seen, now: Date): { before: DayCounter[]; after: DayCounter[] } {
  const [chargedOn, accountChargedOn] = [new Date(facts.today.day), accountDayOf(now)];
  const old = countersOf({ ...call, chargedOn: call.chargedOn ?? chargedOn, accountChargedOn: call.accountChargedOn ?? accountChargedOn });
  const fresh = countersOf({ ...call, chargedOn, accountChargedOn });
  const changed = (counter: DayCounter, i: number) => old[i]?.day.getTime() !== fresh[i]?.day.getTime();
  return { before: old.filter(changed), after: fresh.filter(changed) };
}

/** Of the days that go on it has its share already. */
function mayBeCharged({ call, facts }: Seen, { account, now }: Recharge): boolean {
  const { today } = facts;
  const has = (day: Date | null, current: string) => (day?.toISOString().slice(0, 10) === current ? 1 : 0);
  const [own, ofAccount] = [has(call.chargedOn, today.day), has(call.accountChargedOn, today.accountDay)];
  const others = { ...today, tenant: today.tenant - own, number: today.number - own, account: today.account - ofAccount };
  const question = { ...gatedCallOf(call, facts), charged: false };
  return mayDial(gateFactsOf({ ...facts, today: others }, question, account, now)).allowed;
}

async function noteCharge(transaction: Db, { callId, now }: Recharge, { today }: StoredFacts): Promise<void> {
  await transaction.prisma.$executeRaw`
    UPDATE call SET charged_on = ${today.day}::date, decision = coalesce(decision, '{}') || jsonb_build_object('chargedAt', ${now.toISOString()}::text)
    WHERE id = ${callId}::uuid`;
}
