import { mayDial, type Verdict } from '@carillon/campaigns';
import type { AdmissionRefusal, CallDesk } from '@carillon/coordination';
import { currentTraceparent, type ReachFailpoint } from '@carillon/platform';
import { gatedCallOf, gateFactsOf, gatherFacts, loadCallContext, type LedgerCall, type Store, type StoredFacts } from '@carillon/store';
import type { Now, Wait } from '../clock.js';
import { callExpiryMs } from '../deadlines.js';
import type { AccountLimits } from './admission-scopes.js';
import type { AdmitCall } from './admit-call.js';

export interface ClearCallOptions {
  store: Store;
  admit: AdmitCall;
  calls: Pick<CallDesk, 'putContext'>;
  account: AccountLimits;
  reach: ReachFailpoint;
  now: Now;
  wait: Wait;
}

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
export type ClearCall = (call: LedgerCall, signal: AbortSignal) => Promise<Clearance>;

export function createClearCall(options: ClearCallOptions): ClearCall {
  const { store, admit, calls, account, reach, now, wait } = options;
  return async (call, signal) => {
    const facts = await gather(options, call);
    const admitted = await admit(call, facts);
    if (admitted.answer === 'no_epoch') return { kind: 'no_room', refusal: null };
    if (admitted.answer === 'refused') return { kind: 'no_room', refusal: admitted };
    reach('dial.admitted');
    if (admitted.waitMs > 0) await wait(admitted.waitMs, signal);
    const current = admitted.waitMs > 0 ? await gather(options, call) : facts;
    const verdict = mayDial(gateFactsOf(current, gatedCallOf(call, current), account, now()));
    if (!verdict.allowed) return { kind: 'refused', verdict };
    const context = await loadCallContext(store, call);
    if (!context) return { kind: 'gone' };
    await calls.putContext({ ...context, traceparent: currentTraceparent() ?? call.traceparent }, callExpiryMs(call));
    return { kind: 'clear', epoch: admitted.epoch, verdict };
  };
}

function gather(
  { store, now }: ClearCallOptions,
  { tenantId, callId, phoneE164, campaignId, contactId, callerNumber }: LedgerCall,
): Promise<StoredFacts> {
  return gatherFacts(store, { tenantId, callId, phoneE164, campaignId, contactId, callerNumber, now: now() });
}
