import type { Conveyor } from '@carillon/coordination';
import { callLogger, type Logger } from '@carillon/platform';
import { listDueScheduledCalls, startScheduledCall, type ScheduledCall, type Store } from '@carillon/store';
import type { Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { AccountLimits } from '../dial/admission-scopes.js';
import { REAPER_BATCH, type ReaperStep } from './reaper.js';

export interface StartScheduledCallsOptions {
  store: Store;
  conveyor: Pick<Conveyor, 'enqueue'>;
  account: AccountLimits;
  log: Logger;
  now: Now;
}

/** Calls that were asked for, or promised, for a time that has come. Where the queue cannot be reached, they are offered again like every call from the API. */
export function createStartScheduledCalls({ store, conveyor, account, log, now }: StartScheduledCallsOptions): ReaperStep {
  const start = async (scheduled: ScheduledCall) => {
    const { tenantId } = scheduled;
    const outcome = await startScheduledCall(store, scheduled, {
      account,
      ...deadlines.scheduledCall,
      busyMs: deadlines.busyMs,
      now: now(),
    });
    // Without a job id: where it is made again, the first job of this call is still known.
    if (outcome.kind === 'called') await conveyor.enqueue('dial', { tenantId, callId: outcome.callId });
    if (outcome.kind === 'over')
      callLogger(log, { tenantId, callId: scheduled.id }).warn({ state: outcome.state }, 'a scheduled call could not be made');
  };
  return {
    name: 'scheduled calls',
    async run() {
      for (const scheduled of await listDueScheduledCalls(store, now(), REAPER_BATCH)) {
        // One that cannot be started, whatever the reason, must not keep the later ones waiting.
        await start(scheduled).catch((error: unknown) =>
          callLogger(log, { ...scheduled, callId: scheduled.id }).error({ err: error }, 'a scheduled call failed'),
        );
      }
    },
  };
}
