import type { Conveyor } from '@carillon/coordination';
import { listLapsedReservations, listPatientCalls, type Store } from '@carillon/store';
import type { CallNewsDesk } from '../call-news.js';
import { before, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { PutBackCall } from '../dial/put-back-call.js';
import { REAPER_BATCH, type ReaperStep } from './reaper.js';

export interface ReapReservationsOptions {
  store: Store;
  putBack: PutBackCall;
  news: CallNewsDesk;
  conveyor: Pick<Conveyor, 'enqueue'>;
  now: Now;
}

/**
 * Reservations that nobody dialed in time: contacts wait again; a call from the API is cancelled. Calls from the API that are still in time, because no slot was
 * free or their job was lost, are offered again.
 */
export function createReapReservations({ store, putBack, news, conveyor, now }: ReapReservationsOptions): ReaperStep {
  const cancel = async (call: { tenantId: string; callId: string }) => {
    const change = await news.apply({ ...call, fact: 'ended', at: now(), end: { endedBy: 'time_limit', disposition: 'cancelled' } });
    if (change) await news.settle(change.call);
  };
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
