import type { Admission, Fleet } from '@carillon/coordination';
import { listSlotsToFree, type Store } from '@carillon/store';
import type { ReaperStep } from './reaper.js';

/** Slots of calls that are over: whoever ended them died before freeing the slot. */
export function createReapSlots({
  store,
  fleet,
  admission,
}: {
  store: Store;
  fleet: Pick<Fleet, 'heldCalls'>;
  admission: Pick<Admission, 'release'>;
}): ReaperStep {
  return {
    name: 'slots',
    async run() {
      for await (const page of fleet.heldCalls()) {
        for (const callId of await listSlotsToFree(store, page)) await admission.release(callId);
      }
    },
  };
}
