import type { Disposition } from '@carillon/contracts';
import type { Admission, LiveChannel } from '@carillon/coordination';
import { callLogger, type Logger } from '@carillon/platform';
import { pauseCampaign, type LedgerCall, type Store } from '@carillon/store';
import type { PlaceResult } from '@carillon/telephony';
import type { CallNewsDesk } from '../call-news.js';
import type { Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import { ACCOUNT_SCOPE } from './admission-scopes.js';
import type { PutBackCall } from './put-back-call.js';

type Refusal = Extract<PlaceResult, { kind: 'refused' }>;

export interface RefuseCallOptions {
  store: Store;
  putBack: PutBackCall;
  news: CallNewsDesk;
  admission: Pick<Admission, 'hold'>;
  live: Pick<LiveChannel, 'publish'>;
  log: Logger;
  now: Now;
}

/** What follows when the carrier provably did not take a call. */
export type RefuseCall = (call: LedgerCall, refusal: Refusal) => Promise<void>;

/**
 * Throttled: nothing is charged, and we keep still for as long as the carrier asks. Our configuration is at fault: the campaign pauses, since every
 * further call would be refused as well. The request itself cannot be served: the call ends, for its contact too. A call from the API has no contact that
 * could wait, and ends in each case.
 */
export function createRefuseCall(options: RefuseCallOptions): RefuseCall {
  const { putBack, admission, log } = options;
  return async (call, refusal) => {
    const { cause, status, code } = refusal;
    const waitMs = Math.min(refusal.retryAfterMs ?? deadlines.throttledMs, deadlines.longestThrottleMs);
    if (cause === 'throttled') await admission.hold(ACCOUNT_SCOPE, waitMs, 'the carrier asked for a pause');
    callLogger(log, call)[cause === 'configuration' ? 'error' : 'warn']({ cause, status, code }, 'the carrier refused a call');
    if (cause === 'configuration' && call.campaignId) await pause(options, { ...call, campaignId: call.campaignId }, code);
    if (cause !== 'request' && call.contactId !== null) await putBack(call, 'dialing', waitMs);
    else await end(options, call, refusal, cause === 'throttled' ? 'cancelled' : 'configuration_error');
  };
}

async function pause(
  { store, live, log, now }: RefuseCallOptions,
  campaign: { tenantId: string; campaignId: string },
  code: string,
): Promise<void> {
  if (!(await pauseCampaign(store, campaign, `the carrier refuses its calls: ${code}`, now()))) return;
  const { tenantId, campaignId } = campaign;
  log.error({ tenantId, campaignId }, 'the campaign was paused: mend the configuration of the carrier, then resume it');
  await live.publish({ tenantId, at: now().toISOString(), type: 'campaign.status', campaignId, status: 'paused' });
}

async function end({ news, now }: RefuseCallOptions, call: LedgerCall, refusal: Refusal, disposition: Disposition): Promise<void> {
  const result = { code: refusal.status, subCode: 0, message: refusal.code };
  const { tenantId, callId } = call;
  const change = await news.apply({ tenantId, callId, fact: 'ended', at: now(), end: { result, endedBy: 'carrier', disposition } });
  if (change) await news.settle(change.call);
}
