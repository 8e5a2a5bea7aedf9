import type { Admission, LiveChannel } from '@carillon/coordination';
import { callLogger, type Logger } from '@carillon/platform';
import { pauseCampaign, type LedgerCall, type Store } from '@carillon/store';
import type { PlaceResult } from '@carillon/telephony';
import type { Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import { ACCOUNT_SCOPE } from './admission-scopes.js';
import type { EndUnsentCall, UnsentEnd } from './end-unsent-call.js';
import type { PutBackCall } from './put-back-call.js';

type Refusal = Extract<PlaceResult, { kind: 'refused' }>;

export interface RefuseCallOptions {
  store: Store;
  putBack: PutBackCall;
  endUnsent: EndUnsentCall;
  admission: Pick<Admission, 'hold'>;
  live: Pick<LiveChannel, 'publish'>;
  log: Logger;
  now: Now;
}

/** What follows when the carrier provably did not take a call. */
export type RefuseCall = (call: LedgerCall, refusal: Refusal) => Promise<void>;

/**
 * Nothing is charged. Throttled: we keep still for as long as the carrier asks. Our configuration is at fault: the campaign pauses, since every
 * further call would be refused as well. The request itself cannot be served: the call ends, for its contact too. A call from the API has no contact that
 * could wait, and ends in each case; its scheduled call, where it has one, waits for another try unless the request itself is at fault.
 */
export function createRefuseCall(options: RefuseCallOptions): RefuseCall {
  const { putBack, endUnsent, admission, log } = options;
  return async (call, refusal) => {
    const { cause, status, code } = refusal;
    const waitMs = Math.min(refusal.retryAfterMs ?? deadlines.throttledMs, deadlines.longestThrottleMs);
    if (cause === 'throttled') await admission.hold(ACCOUNT_SCOPE, waitMs, 'the carrier asked for a pause');
    callLogger(log, call)[cause === 'configuration' ? 'error' : 'warn']({ cause, status, code }, 'the carrier refused a call');
    if (cause === 'configuration' && call.campaignId) await pause(options, { ...call, campaignId: call.campaignId }, code);
    if (cause !== 'request' && call.contactId !== null) await putBack(call, 'dialing', waitMs);
    else await endUnsent(call, { from: 'dialing', result: { code: status, subCode: 0, message: code }, ...endOf(cause, waitMs) });
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

function endOf(cause: Refusal['cause'], waitMs: number): Pick<UnsentEnd, 'disposition' | 'againMs'> {
  if (cause === 'throttled') return { disposition: 'cancelled', againMs: waitMs };
  return { disposition: 'configuration_error', againMs: cause === 'configuration' ? deadlines.misconfiguredMs : null };
}
