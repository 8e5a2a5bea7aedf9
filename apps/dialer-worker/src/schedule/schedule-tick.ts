import { shareSlots } from '@carillon/campaigns';
import type { Conveyor, Fleet } from '@carillon/coordination';
import { withTraceparent } from '@carillon/platform';
import {
  claimContacts,
  countOpenCalls,
  inTransaction,
  listRunningCampaigns,
  tryLeadSchedule,
  type ClaimedCall,
  type Db,
  type Store,
} from '@carillon/store';
import { after, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { DialerMetrics } from '../dialer-metrics.js';
import type { DialBrake } from '../dial/dial-brake.js';

/** Of one campaign in one tick: a claim stays short, and others get their turn. */
const CLAIM_LIMIT = 50;

export interface ScheduleTickOptions {
  store: Store;
  fleet: Pick<Fleet, 'countSlots'>;
  conveyor: Pick<Conveyor, 'enqueue'>;
  brake: DialBrake;
  metrics: DialerMetrics;
  now: Now;
}

/**
 * Chooses who is dialed next: as many contacts as slots are free, shared over the running campaigns. One leader at a time (advisory lock), though two would
 * do no harm: claims skip what another one holds. A crash between claim and enqueue loses nothing: the reservation lapses and the reaper takes it back.
 */
export function createScheduleTick(options: ScheduleTickOptions): () => Promise<void> {
  const { store, fleet, conveyor, brake, metrics, now } = options;
  return async () => {
    const slots = await fleet.countSlots();
    metrics.slots(slots);
    if (slots.free === 0 || brake.isHeld(now())) return;
    const claimed = await inTransaction(store, (transaction) => claimAll(transaction, slots, now()));
    const enqueue = ({ tenantId, callId, traceparent }: ClaimedCall) =>
      withTraceparent(traceparent, () => conveyor.enqueue('dial', { tenantId, callId }, { jobId: callId }));
    await Promise.all(claimed.map(enqueue));
  };
}

async function claimAll(transaction: Db, slots: { free: number; capacity: number }, moment: Date): Promise<ClaimedCall[]> {
  if (!(await tryLeadSchedule(transaction))) return [];
  const campaigns = await listRunningCampaigns(transaction);
  if (campaigns.length === 0) return [];
  const { reserved, open } = await countOpenCalls(transaction);
  const unspoken = Math.min(slots.free - reserved, slots.capacity - open);
  const shares = shareSlots(campaigns, unspoken, CLAIM_LIMIT);
  const claimed: ClaimedCall[] = [];
  for (const { tenantId, campaignId } of campaigns) {
    const limit = shares.get(campaignId);
    if (limit) claimed.push(...(await claimContacts(transaction, { tenantId, campaignId, limit, ...claimTimes(moment) })));
  }
  return claimed;
}

function claimTimes(now: Date) {
  return { now, leaseUntil: after(now, deadlines.reservationMs), busyUntil: after(now, deadlines.busyMs) };
}
