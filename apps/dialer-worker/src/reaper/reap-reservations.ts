import type { Conveyor } from '@carillon/coordination';
import { listLapsedReservations, listPatientCalls, type Store } from '@carillon/store';
import { before, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { EndUnsentCall } from '../dial/end-unsent-call.js';
import type { PutBackCall } from '../dial/put-back-call.js';
import { REAPER_BATCH, type ReaperStep } from './reaper.js';

export interface ReapReservationsOptions {
  store: Store;
  putBack: PutBackCall;
  endUnsent: EndUnsentCall;
  conveyor: Pick<Conveyor, 'enqueue'>;
  now: Now;
}

/**
 * Reservations that nobody dialed in time: contacts wait again, and so do scheduled calls; a call that was asked for now is cancelled. None is charged. Calls from the API that are still in time, because no slot was
 * free or their job was lost, are offered again.
 */
export function createReapReservations({ store, putBack, endUnsent, conveyor, now }: ReapReservationsOptions): ReaperStep {
  const cancel = (call: { tenantId: string; callId: string }) =>
    endUnsent({ ...call, campaignId: null }, { from: 'reserved', disposition: 'cancelled', againMs: 0 });
  return {
    name: 'reservations',
    async run() {
      for (const { tenantId, callId, hasContact } of await listLapsedReservations(store, now(), REAPER_BATCH)) {
        await (hasContact ? putBack({ tenantId, callId }, 'reserved', 0) : cancel({ tenantId, callId }));
      }
      const waitingSince = before(now(), deadlines.forgottenMs);
      for (const call of await listPatientCalls(store, { before: waitingSince, now: now() }, REAPER_BATCH)) {
        await conveyor.enqueue('dial', call); // no job id: the first job of this call is still known
      }
    },
  };
}
