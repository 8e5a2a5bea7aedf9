import { desiredSlots } from '@carillon/campaigns';
import { scopeKeys, type Admission, type Conveyor, type Fleet } from '@carillon/coordination';
import type { ReachFailpoint } from '@carillon/platform';
import { inTransaction, listRunningCampaignIds, readFleetEpoch, tryLeadSchedule, type Store } from '@carillon/store';
import type { Now } from '../clock.js';
import { ACCOUNT_SCOPE, type AccountLimits } from '../dial/admission-scopes.js';
import type { DialerMetrics } from '../dialer-metrics.js';
import type { AbandonmentWatch } from './abandonment-watch.js';
import type { AnswerWatch } from './answer-watch.js';
import type { BreakerWatch } from './breaker-watch.js';
import { claimRound, type ClaimRound } from './claim-round.js';
import type { DialPace } from './dial-pace.js';
import type { OpenBuckets } from './open-buckets.js';

export interface ScheduleTickOptions {
  store: Store;
  fleet: Pick<Fleet, 'countSlots'>;
  admission: Pick<Admission, 'epoch' | 'held'>;
  conveyor: Pick<Conveyor, 'enqueueAll'>;
  account: AccountLimits;
  sourceNumbers: readonly string[];
  openBuckets: OpenBuckets;
  answers: AnswerWatch;
  abandonment: AbandonmentWatch;
  breakers: BreakerWatch;
  pace: DialPace;
  rebuildFleet(): Promise<void>;
  reach: ReachFailpoint;
  metrics: DialerMetrics;
  now: Now;
}

/**
 * Chooses who is dialed next, as many as pacing has slots for, shared over the running campaigns. One leader at a time (advisory lock), though two would
 * do no harm: claims skip what another one holds. A crash between claim and enqueue loses nothing: the reservation lapses and the reaper takes it back.
 */
export function createScheduleTick(options: ScheduleTickOptions): () => Promise<void> {
  const { store, fleet, admission, conveyor, rebuildFleet, reach, metrics, answers, abandonment, breakers, now } = options;
  return async () => {
    const epoch = await admission.epoch();
    if (epoch === null || epoch !== (await readFleetEpoch(store))) await rebuildFleet();
    const slots = await fleet.countSlots();
    metrics.slots(slots);
    const moment = now();
    const running = await listRunningCampaignIds(store);
    if (running.length === 0) return metrics.desiredSlots(0);
    const scopes = running.map(({ tenantId, campaignId }) => scopeKeys.campaign(tenantId, campaignId));
    const held = await admission.held([ACCOUNT_SCOPE, ...scopes]);
    if (slots.capacity === 0 || held.has(ACCOUNT_SCOPE)) return;
    const resting = new Set(running.filter((_, i) => held.has(scopes[i] ?? '')).map(({ campaignId }) => campaignId));
    const overlapping = running.filter(({ overlaps }) => overlaps);
    await answers.look(
      overlapping.map(({ campaignId }) => campaignId),
      moment,
    );
    await abandonment.look(overlapping, moment);
    await breakers.look(running, moment);
    const round = await inTransaction(store, async (transaction) => {
      if (!(await tryLeadSchedule(transaction))) return null;
      const claimed = await claimRound(transaction, slots.capacity, resting, options, moment);
      if (claimed.calls.length > 0) reach('claim.before-commit');
      return claimed;
    });
    if (!round) return;
    if (round.calls.length > 0) reach('claim.after-commit');
    await conveyor.enqueueAll(
      'dial',
      round.calls.map(({ tenantId, callId, traceparent }) => ({ payload: { tenantId, callId }, jobId: callId, traceparent })),
    );
    metrics.desiredSlots(desiredOf(round));
  };
}

/** The slots with which nothing that is due would have to wait: what the fleet is to grow to. */
function desiredOf({ campaigns }: ClaimRound): number {
  return campaigns.reduce((sum, { dials, due, campaign }) => sum + Math.min(campaign.maxConcurrent, desiredSlots({ ...dials, due })), 0);
}
