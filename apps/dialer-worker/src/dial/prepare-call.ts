import type { CallDesk, Fleet } from '@carillon/coordination';
import { currentTraceparent } from '@carillon/platform';
import { loadCallContext, type LedgerCall, type Store } from '@carillon/store';
import { callExpiryMs } from '../deadlines.js';

export interface PrepareCallOptions {
  store: Store;
  fleet: Pick<Fleet, 'reserveSlot'>;
  calls: Pick<CallDesk, 'putContext'>;
}

/**
 * Reserves a slot and lays the context of the call ready for the media worker that will get its socket: all before the phone can ring. False when no slot is
 * free. A second run for the same call keeps its slot and writes the same context.
 */
export type PrepareCall = (call: LedgerCall) => Promise<boolean>;

export function createPrepareCall({ store, fleet, calls }: PrepareCallOptions): PrepareCall {
  return async (call) => {
    const expiryMs = callExpiryMs(call);
    if ((await fleet.reserveSlot(call.callId, expiryMs)) === 'full') return false;
    const context = await loadCallContext(store, call);
    if (!context) return false;
    await calls.putContext({ ...context, traceparent: currentTraceparent() ?? call.traceparent }, expiryMs);
    return true;
  };
}
