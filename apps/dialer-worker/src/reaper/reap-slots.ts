import type { Fleet } from '@carillon/coordination';
import { listSlotsToFree, type Store } from '@carillon/store';
import type { ReaperStep } from './reaper.js';

/** Slots of calls that are over: whoever ended them died before freeing the slot. */
export function createReapSlots({ store, fleet }: { store: Store; fleet: Pick<Fleet, 'heldCalls' | 'releaseSlot'> }): ReaperStep {
  return {
    name: 'slots',
    async run() {
      for await (const page of fleet.heldCalls()) {
        for (const callId of await listSlotsToFree(store, page)) await fleet.releaseSlot(callId);
      }
    },
  };
}
