import { callLogger, type Logger } from '@carillon/platform';
import { listOverdueCalls, noteEndedBy, type OverdueCall, type Store } from '@carillon/store';
import type { Carrier } from '@carillon/telephony';
import type { CallNewsDesk } from '../call-news.js';
import type { Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { DialerMetrics } from '../dialer-metrics.js';
import { REAPER_BATCH, type ReaperStep } from './reaper.js';

export interface ReapOverdueCallsOptions {
  store: Store;
  carrier: Pick<Carrier, 'hangUp'>;
  news: CallNewsDesk;
  log: Logger;
  metrics: Pick<DialerMetrics, 'callDropped'>;
  now: Now;
}

/** Phones that ring too long, calls that last too long, and those whose line was lost, are hung up. If the carrier does not tell of their end then, our books end them. */
export function createReapOverdueCalls(options: ReapOverdueCallsOptions): ReaperStep {
  const { store, now } = options;
  return {
    name: 'overdue calls',
    async run() {
      const overdue = await listOverdueCalls(
        store,
        { now: now(), graceMs: deadlines.overlongMs, lostMs: deadlines.lineLostMs },
        REAPER_BATCH,
      );
      await Promise.all(overdue.map((call) => hangUp(options, call)));
    },
  };
}

async function hangUp({ store, carrier, news, log, metrics, now }: ReapOverdueCallsOptions, call: OverdueCall): Promise<void> {
  const { tenantId, callId, carrierCallId, reason, overdueMs } = call;
  const isFirst = await noteEndedBy(store, call, reason);
  if (isFirst && reason === 'line_lost') metrics.callDropped();
  const onError = (error: unknown) => callLogger(log, call).warn({ err: error }, 'an overdue call could not be hung up');
  if (carrierCallId) await carrier.hangUp(carrierCallId).catch(onError);
  if (overdueMs < deadlines.hangUpMs) return;
  callLogger(log, call).error({ reason }, 'the carrier tells nothing of the end of a call that was hung up');
  const change = await news.apply({ tenantId, callId, fact: 'ended', at: now(), end: { endedBy: reason } });
  if (change) await news.settle(change.call);
}
