import type { Admission } from '@carillon/coordination';
import { releaseCall, type CallKey, type Store } from '@carillon/store';
import { after, type Now } from '../clock.js';

/**
 * Gives up a call that provably never reached the carrier: its contact waits again, for at least `delayMs`, and nothing is charged. False when it has no
 * contact to go back to (a call from the API), or is not in that state any more. `blocked` is the code of the gate's refusal.
 */
export type PutBackCall = (call: CallKey, from: 'reserved' | 'dialing', delayMs: number, blocked?: string | null) => Promise<boolean>;

export function createPutBackCall({
  store,
  admission,
  now,
}: {
  store: Store;
  admission: Pick<Admission, 'release'>;
  now: Now;
}): PutBackCall {
  return async ({ tenantId, callId }, from, delayMs, blocked = null) => {
    const moment = now();
    const released = await releaseCall(store, { tenantId, callId, from, nextAt: after(moment, delayMs), blocked, now: moment });
    if (released) await admission.release(callId); // otherwise another run of the job, or the reaper, owns call and slot
    return released;
  };
}
