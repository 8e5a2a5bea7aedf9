import { disposeCall, type EndedCall } from '@carillon/campaigns';
import type { Disposition } from '@carillon/contracts';
import type { Admission, Conveyor, LiveChannel } from '@carillon/coordination';
import type { ReachFailpoint } from '@carillon/platform';
import { countPendingEvents, findLedgerCall, wrapUpCall, type CallKey, type LedgerCall, type Store } from '@carillon/store';
import type { CarrierOutcome, CarrierResult } from '@carillon/telephony';
import { before, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { DialerMetrics } from '../dialer-metrics.js';
import type { CompleteCampaigns } from './complete-campaigns.js';
import type { PlanContact } from './plan-contact.js';

export interface WrapUpOptions {
  store: Store;
  admission: Pick<Admission, 'release'>;
  live: Pick<LiveChannel, 'publish'>;
  conveyor: Pick<Conveyor, 'enqueue'>;
  complete: CompleteCampaigns;
  plan: PlanContact;
  outcomeOf(result: CarrierResult): CarrierOutcome;
  metrics: DialerMetrics;
  reach: ReachFailpoint;
  now: Now;
}

/** Also a job, for calls whose last turn or last event was missing when they ended. */
export type WrapUpCall = (call: CallKey) => Promise<void>;

/**
 * Closes an ended call: disposition, cost, the contact final or planned again, person free; then its slot, the end of the campaign, the synthesis.
 *
 * A second run is harmless: a compare-and-set on `wrapped_at` lets one run close it, and what follows may be done twice.
 */
export function createWrapUpCall(options: WrapUpOptions): WrapUpCall {
  const { store, admission, conveyor, complete, now } = options;
  return async (payload) => {
    const call = await findLedgerCall(store, payload);
    if (call?.state !== 'ended') return;
    if (!call.wrappedAt && (await isIncomplete(options, call))) return;
    const isLast = call.wrappedAt !== null || (await close(options, call, now()));
    await admission.release(call.callId);
    // One job per call: while an earlier one is known, failed for good or not, this one is ignored.
    if (call.exchanges > 0) await conveyor.enqueue('synthesise', payload, { jobId: call.callId });
    if (call.campaignId && isLast) await complete(call.campaignId);
  };
}

/**
 * The media worker has not written its last turn, or an event of the carrier waits to be applied. Whoever does it enqueues the wrap-up again; if they died
 * over it, the reaper does, and by then it is late enough to go on without.
 */
async function isIncomplete({ store, now }: WrapUpOptions, call: LedgerCall): Promise<boolean> {
  const mediaOpen = call.mediaEpoch > 0 && call.mediaClosedAt === null;
  if (mediaOpen && call.endedAt !== null && call.endedAt > before(now(), deadlines.mediaCloseMs)) return true;
  return (await countPendingEvents(store, call, before(now(), deadlines.eventPatienceMs))) > 0;
}

async function close({ store, live, plan, metrics, reach, outcomeOf }: WrapUpOptions, call: LedgerCall, moment: Date): Promise<boolean> {
  const disposition = dispositionOf({ ...call, outcome: call.result && outcomeOf(call.result) });
  const { contact, costMicros } = await plan(call, disposition, moment);
  reach('wrap-up.before-commit');
  const result = await wrapUpCall(store, call, { disposition, contact, costMicros, now: moment });
  if (!result.wrapped) return false;
  reach('wrap-up.after-commit');
  metrics.wrappedUp(disposition);
  const { tenantId, callId, campaignId } = call;
  await live.publish({ tenantId, at: moment.toISOString(), type: 'call.ended', callId, campaignId, disposition });
  return result.maybeLast;
}

/** What the conversation says of itself; but whom we failed, and who was put through to somebody, was helped: the media worker cannot know that. */
function dispositionOf(call: EndedCall & Pick<LedgerCall, 'disposition'>): Disposition {
  const workedOut = disposeCall(call);
  const isHelped = call.disposition === 'network_failure' && workedOut === 'transferred';
  return call.disposition === null || isHelped ? workedOut : call.disposition;
}
