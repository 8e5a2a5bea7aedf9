import type { Conveyor } from '@carillon/coordination';
import { withTraceparent } from '@carillon/platform';
import { listForgottenEvents, listUnsummarisedCalls, listUnwrappedCalls, type Store } from '@carillon/store';
import { before, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import { REAPER_BATCH, type ReaperStep } from './reaper.js';

/** Work that Postgres knows of and no job does: the job, or all of Redis, was lost. */
export function createReapForgottenWork({
  store,
  conveyor,
  now,
}: {
  store: Store;
  conveyor: Pick<Conveyor, 'enqueue'>;
  now: Now;
}): ReaperStep {
  return {
    name: 'forgotten work',
    async run() {
      const overdue = before(now(), deadlines.forgottenMs);
      for (const { traceparent, ...event } of await listForgottenEvents(store, overdue, REAPER_BATCH)) {
        await withTraceparent(traceparent, () => conveyor.enqueue('carrier-event', event));
      }
      for (const call of await listUnwrappedCalls(store, overdue, REAPER_BATCH)) await conveyor.enqueue('wrap-up', call);
      const wrapped = { after: before(now(), deadlines.synthesisAgeMs), before: before(now(), deadlines.synthesisMs) };
      for (const call of await listUnsummarisedCalls(store, wrapped, REAPER_BATCH)) {
        await conveyor.enqueue('synthesise', call, { jobId: call.callId });
      }
    },
  };
}
