import { callLogger, type Logger } from '@carillon/platform';
import { noteEndedBy, noteLineLost, type OverdueCall, type Store } from '@carillon/store';
import type { Carrier } from '@carillon/telephony';
import type { CallNewsDesk } from '../call-news.js';
import { before, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { DialerMetrics } from '../dialer-metrics.js';

export interface HangUpOverdueOptions {
  store: Store;
  carrier: Pick<Carrier, 'hangUp'>;
  news: CallNewsDesk;
  log: Logger;
  metrics: Pick<DialerMetrics, 'callDropped'>;
  now: Now;
}

/** `quietMs`: a lost line is one in which nothing has been said for so long; by default {@link deadlines.lineLostMs}. */
export type CallToHangUp = OverdueCall & { quietMs?: number };

/**
 * Hangs up a call that should have ended. If the carrier does not tell of its end then, our books end it. One whose line is not lost any more is left alone: the answer is
 * false then.
 */
export type HangUpOverdue = (call: CallToHangUp) => Promise<boolean>;

export function createHangUpOverdue(options: HangUpOverdueOptions): HangUpOverdue {
  const { carrier, news, log, now } = options;
  return async (call) => {
    const { tenantId, callId, carrierCallId, reason, overdueMs } = call;
    if (!(await note(options, call))) return false;
    const onError = (error: unknown) => callLogger(log, call).warn({ err: error }, 'an overdue call could not be hung up');
    if (carrierCallId) await carrier.hangUp(carrierCallId).catch(onError);
    if (overdueMs < deadlines.hangUpMs) return true;
    callLogger(log, call).error({ reason }, 'the carrier tells nothing of the end of a call that was hung up');
    const change = await news.apply({ tenantId, callId, fact: 'ended', at: now(), end: { endedBy: reason } });
    if (change) await news.settle(change.call);
    return true;
  };
}

/** False: a media worker has taken the call since we looked. */
async function note({ store, metrics, now }: HangUpOverdueOptions, call: CallToHangUp): Promise<boolean> {
  if (call.reason !== 'line_lost') {
    await noteEndedBy(store, call, call.reason);
    return true;
  }
  const noted = await noteLineLost(store, call, before(now(), call.quietMs ?? deadlines.lineLostMs));
  if (noted === 'noted') metrics.callDropped();
  return noted !== 'not_lost';
}
