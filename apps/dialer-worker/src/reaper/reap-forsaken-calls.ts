import type { CallDesk, CallOwner, Fleet } from '@carillon/coordination';
import { listSentCalls, type SentCall, type Store } from '@carillon/store';
import type { Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { HangUpOverdue } from './hang-up-overdue.js';
import type { ReaperStep } from './reaper.js';
import { SilenceWatch } from './silence-watch.js';

/** Calls whose owners are asked for at once. */
const PAGE = 500;

export interface ReapForsakenCallsOptions {
  store: Store;
  fleet: Pick<Fleet, 'lastHeartbeats'>;
  calls: Pick<CallDesk, 'owners'>;
  hangUp: HangUpOverdue;
  now: Now;
}

/**
 * Calls of media workers that have gone without a word: killed, or cut off from Postgres when they gave their calls away. Where no other worker took one, its person hears nothing. The
 * open calls are walked through only while such a worker may hold one. A call that Redis knows no owner of, or an older one than Postgres, is left alone: it may live.
 */
export function createReapForsakenCalls({ store, fleet, calls, hangUp, now }: ReapForsakenCallsOptions): ReaperStep {
  const watch = new SilenceWatch(deadlines.lineLostMs);
  const look = async () => {
    try {
      return watch.look(await fleet.lastHeartbeats(), now());
    } catch (error) {
      watch.forget();
      throw error;
    }
  };
  /** Since when each was hung up: our books end one only when the carrier has had its time since then. Gone with the call, or with its worker's silence. */
  let hungUp = new Map<string, Date>();
  const end = async (call: SentCall) => {
    const since = hungUp.get(call.callId) ?? now();
    const overdueMs = now().getTime() - since.getTime();
    return (await hangUp({ ...call, reason: 'line_lost', overdueMs, quietMs: deadlines.quietMs })) ? ([[call.callId, since]] as const) : [];
  };
  return {
    name: 'forsaken calls',
    async run() {
      const gone = await look();
      if (gone.size === 0) return;
      const holding = new Set<string>();
      const ended: (readonly [string, Date])[] = [];
      for await (const page of openCalls(store)) {
        const owners = await calls.owners(page);
        const lost = page.flatMap((call, i) => forsakenBy(call, owners[i] ?? null, gone));
        for (const { holder } of lost) holding.add(holder);
        ended.push(...(await Promise.all(lost.map(({ call }) => end(call)))).flat());
      }
      hungUp = new Map(ended);
      for (const holder of gone) if (!holding.has(holder)) watch.settle(holder);
    },
  };
}

async function* openCalls(store: Store): AsyncGenerator<SentCall[]> {
  let last: string | null = null;
  do {
    const page: SentCall[] = await listSentCalls(store, last, PAGE);
    yield page;
    last = page.length < PAGE ? null : (page.at(-1)?.callId ?? null);
  } while (last !== null);
}

/** One that was let go of in writing, and taken by nobody since, is overdue anyway. */
function forsakenBy(call: SentCall, owner: CallOwner | null, gone: ReadonlySet<string>) {
  const isLetGo = owner?.epoch === call.mediaEpoch && call.mediaClosedAt !== null;
  if (!owner || !gone.has(owner.workerId) || owner.epoch < call.mediaEpoch || isLetGo) return [];
  return [{ call, holder: owner.workerId }];
}
