import type { Disposition } from '@carillon/contracts';
import type { Admission, LiveChannel } from '@carillon/coordination';
import { findScheduledCall, releaseCall, type CallKey, type CallResult, type Store } from '@carillon/store';
import { after, type Now } from '../clock.js';
import type { DialerMetrics } from '../dialer-metrics.js';
import type { CompleteCampaigns } from '../wrap-up/complete-campaigns.js';

export interface EndUnsentCallOptions {
  store: Store;
  admission: Pick<Admission, 'release'>;
  live: Pick<LiveChannel, 'publish'>;
  complete: CompleteCampaigns;
  metrics: Pick<DialerMetrics, 'wrappedUp'>;
  now: Now;
}

export interface UnsentEnd {
  from: 'reserved' | 'dialing';
  disposition: Disposition;
  /** The carrier's answer, where it gave one. */
  result?: CallResult;
  /** After how long a scheduled call is made again; null: never. */
  againMs: number | null;
}

/**
 * Ends a call that provably never reached the carrier, and will not be tried again, for its contact too: nothing is charged, and whoever asked for it is told how it ended. False when it is not in that
 * state any more.
 */
export type EndUnsentCall = (call: CallKey & { campaignId: string | null }, end: UnsentEnd) => Promise<boolean>;

export function createEndUnsentCall({ store, admission, live, complete, metrics, now }: EndUnsentCallOptions): EndUnsentCall {
  return async ({ tenantId, callId, campaignId }, { from, disposition, result, againMs }) => {
    const moment = now();
    const end = { disposition, result: result ?? null, mayComeAgain: againMs !== null };
    const key = { tenantId, callId };
    if (!(await releaseCall(store, { ...key, from, nextAt: after(moment, againMs ?? 0), end, now: moment }))) return false;
    await admission.release(callId);
    const scheduled = campaignId === null ? await findScheduledCall(store, { tenantId, scheduledCallId: callId }) : null;
    if (scheduled?.state === 'waiting') return true; // not over: it is made again
    metrics.wrappedUp(disposition);
    await live.publish({ tenantId, at: moment.toISOString(), type: 'call.ended', callId, campaignId, disposition });
    if (campaignId !== null) await complete(campaignId);
    return true;
  };
}
