import type { CallDesk } from '@carillon/coordination';
import { listOverdueCalls, type OverdueCall, type Store } from '@carillon/store';
import type { Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { HangUpOverdue } from './hang-up-overdue.js';
import { REAPER_BATCH, type ReaperStep } from './reaper.js';

export interface ReapOverdueCallsOptions {
  store: Store;
  calls: Pick<CallDesk, 'owners'>;
  hangUp: HangUpOverdue;
  now: Now;
}

/** Phones that ring too long, calls that last too long, and those whose line was lost, are hung up. */
export function createReapOverdueCalls({ store, calls, hangUp, now }: ReapOverdueCallsOptions): ReaperStep {
  return {
    name: 'overdue calls',
    async run() {
      const overdue = await listOverdueCalls(
        store,
        { now: now(), graceMs: deadlines.overlongMs, lostMs: deadlines.lineLostMs },
        REAPER_BATCH,
      );
      const isLost = ({ reason }: OverdueCall) => reason === 'line_lost';
      await Promise.all(overdue.filter((call) => !isLost(call)).map(hangUp));
      const lost = overdue.filter(isLost);
      // Redis knows of a worker that has taken a call before Postgres does, which may just have come back. While Redis is away, what Postgres knows has to do.
      const owners = await calls.owners(lost).catch(() => []);
      await Promise.all(lost.filter(({ mediaEpoch }, i) => (owners[i]?.epoch ?? 0) <= mediaEpoch).map(hangUp));
    },
  };
}
