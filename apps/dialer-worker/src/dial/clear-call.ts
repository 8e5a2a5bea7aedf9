import { mayDial, type Verdict } from '@carillon/campaigns';
import type { AdmissionRefusal, CallDesk } from '@carillon/coordination';
import { currentTraceparent, type ReachFailpoint } from '@carillon/platform';
import { gatedCallOf, gateFactsOf, isChargedToday, type CallKey, type DialCase } from '@carillon/store';
import type { Now, Wait } from '../clock.js';
import { callExpiryMs } from '../deadlines.js';
import type { AccountLimits } from './admission-scopes.js';
import type { AdmitCall } from './admit-call.js';

/** What the ledger knows of a call, as it is now; null when there is no such call. */
export type LookUpCall = (call: CallKey) => Promise<DialCase | null>;

export interface ClearCallOptions {
  lookUp: LookUpCall;
  admit: AdmitCall;
  calls: Pick<CallDesk, 'putContext'>;
  account: AccountLimits;
  /** Charges a call from the API to the new day; false where that has no room for it. */
  recharge(call: CallKey): Promise<boolean>;
  reach: ReachFailpoint;
  now: Now;
  wait: Wait;
}

/**
 * Facts of a shorter wait are not looked up again: what can change meanwhile and matters (the campaign's state, the blacklist, the lease, the fleet's epoch) is asked once more by the
 * compare-and-set to `dialing`, and the hours by the clock when the request leaves.
 */
const FRESH_MS = 200;

export type Clearance =
  | { kind: 'clear'; epoch: number; verdict: Verdict }
  /** No room or no rate; null: Redis knows of no fleet. */
  | { kind: 'no_room'; refusal: AdmissionRefusal | null }
  | { kind: 'refused'; verdict: Verdict }
  | { kind: 'gone' };

/**
 * Everything that must hold in the instant before a request leaves: slot, leases and an instant from Redis → the gate, on the facts of that instant → the
 * context lies ready for the media worker. A second run for the same call keeps its slot and writes the same context.
 */
export type ClearCall = (dialCase: DialCase, signal: AbortSignal) => Promise<Clearance>;

export function createClearCall({ lookUp, admit, calls, account, recharge, reach, now, wait }: ClearCallOptions): ClearCall {
  return async (first, signal) => {
    const admitted = await admit(first.call, first.facts);
    if (admitted.answer === 'no_epoch') return { kind: 'no_room', refusal: null };
    if (admitted.answer === 'refused') return { kind: 'no_room', refusal: admitted };
    reach('dial.admitted');
    if (admitted.waitMs > 0) await wait(admitted.waitMs, signal);
    let current = admitted.waitMs > FRESH_MS ? await lookUp(first.call) : first;
    // Reserved before midnight: it would count on a day that is over. A call from the API is charged anew, and a contact is claimed again.
    if (current?.call.contactId === null && isOfYesterday(current) && (await recharge(current.call))) current = await lookUp(first.call);
    if (!current) return { kind: 'gone' };
    if (isOfYesterday(current)) return { kind: 'no_room', refusal: null };
    const { call, facts, context } = current;
    const verdict = mayDial(gateFactsOf(facts, gatedCallOf(call, facts), account, now()));
    if (!verdict.allowed) return { kind: 'refused', verdict };
    const { disclosures } = verdict;
    await calls.putContext({ ...context, disclosures, traceparent: currentTraceparent() ?? call.traceparent }, callExpiryMs(call));
    return { kind: 'clear', epoch: admitted.epoch, verdict };
  };
}

const isOfYesterday = ({ call, facts }: DialCase) => call.chargedOn !== null && !isChargedToday(call, facts);
