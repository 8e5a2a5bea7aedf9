import { dialsToStart, shareFreeSlots, slotsHeld, spreadClaim, strictestRing, type OpenDials } from '@carillon/campaigns';
import type { TenantSettings } from '@carillon/contracts';
import {
  ACCOUNT_COUNTER,
  accountDayOf,
  claimContacts,
  countDue,
  counterName,
  listBuckets,
  listCallerNumbers,
  listOpenCalls,
  listRunningCampaigns,
  listTenantSettings,
  lockCounters,
  placesOf,
  type ClaimedCall,
  type DayCounter,
  type Db,
  type DuePlace,
  type OpenCalls,
  type RunningCampaign,
} from '@carillon/store';
import { after } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { AccountLimits } from '../dial/admission-scopes.js';
import type { AbandonmentWatch } from './abandonment-watch.js';
import type { AnswerWatch } from './answer-watch.js';
import type { BreakerWatch } from './breaker-watch.js';
import { chargeCalls } from './charge-calls.js';
import { dayOf } from './day-of.js';
import { dialBudget } from './dial-budget.js';
import type { DialPace } from './dial-pace.js';
import type { OpenBucket, OpenBuckets } from './open-buckets.js';
import { openNumberPools, type NumberPools, type RegisteredNumbers } from './number-pools.js';

/** Of one campaign in one tick: a claim stays short, and others get their turn. */
const CLAIM_LIMIT = 500;
/** Of the fleet, kept free for calls from the API and promised callbacks. */
const FLOOR_SHARE = 0.02;
/** A window that shuts so soon comes before the others. */
const CLOSING_MS = 30 * 60_000;
/** Who gets what cannot be shared changes so often: shorter than a tick. */
const TURN_MS = 100;
/** A claim that finds only people who may not be called now looks further so often. */
const LOOKS = 3;

export interface ClaimRoundOptions {
  account: AccountLimits;
  sourceNumbers: readonly string[];
  openBuckets: OpenBuckets;
  answers: Pick<AnswerWatch, 'ratesOf' | 'talksOf'>;
  abandonment: Pick<AbandonmentWatch, 'of'>;
  breakers: Pick<BreakerWatch, 'allowanceOf'>;
  pace: DialPace;
}

/** What one round did, and what it would have liked to do. */
export interface ClaimRound {
  calls: ClaimedCall[];
  campaigns: Seeker[];
}

/** A running campaign with what decides how many calls it may start. */
export interface Seeker {
  campaign: RunningCampaign;
  tenant: TenantSettings;
  buckets: OpenBucket[];
  open: OpenCalls;
  dials: OpenDials;
  places: DuePlace[];
  due: number;
  callbacks: number;
}

/** Chooses who is dialed next, in one transaction that leads the schedule: shares the free slots, asks pacing, claims, gives each call a number, charges the day. */
export async function claimRound(
  transaction: Db,
  capacity: number,
  held: ReadonlySet<string>,
  options: ClaimRoundOptions,
  now: Date,
): Promise<ClaimRound> {
  const { open, seekers } = await findSeekers(transaction, held, options, now);
  const wanting = seekers.filter(({ due }) => due > 0);
  if (wanting.length === 0) return { calls: [], campaigns: seekers };
  const registered = await listCallerNumbers(transaction, [...new Set(wanting.map(({ campaign }) => campaign.tenantId))]);
  const counters = await lockDay(transaction, wanting, { registered, sourceNumbers: options.sourceNumbers }, now);
  const pools = await openNumberPools(transaction, { registered, counters, sourceNumbers: options.sourceNumbers, now });
  const paced = options.pace.roomFor(sum(open.map(({ reserved }) => reserved)), now);
  const budget = dialBudget({ account: options.account, open, counters, paced });
  const shares = shareSlots(seekers, open, capacity, paced);
  const calls: ClaimedCall[] = [];
  for (const seeker of wanting) {
    const dials = dialsOf(seeker, shares.get(seeker.campaign.campaignId) ?? 0, options);
    const limit = Math.min(
      dials,
      CLAIM_LIMIT,
      options.breakers.allowanceOf(seeker.campaign.campaignId),
      budget.roomFor(seeker),
      pools.roomFor(seeker.campaign),
    );
    const claimed = await claim(transaction, seeker, limit, pools, now);
    budget.take(seeker, claimed.length);
    calls.push(...claimed);
  }
  options.pace.claimed(calls.length, now);
  return { calls, campaigns: seekers };
}

const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);

async function findSeekers(
  transaction: Db,
  held: ReadonlySet<string>,
  { openBuckets, answers }: ClaimRoundOptions,
  now: Date,
): Promise<{ open: OpenCalls[]; seekers: Seeker[] }> {
  const campaigns = (await listRunningCampaigns(transaction, now)).filter(({ campaignId }) => !held.has(campaignId));
  const overlapping = campaigns.filter(({ settings }) => settings.pacing.mode === 'overlap');
  const open = await listOpenCalls(
    transaction,
    now,
    overlapping.map(({ campaignId }) => campaignId),
  );
  const tenants = await listTenantSettings(transaction, [...new Set(campaigns.map(({ tenantId }) => tenantId))]);
  const buckets = await listBuckets(
    transaction,
    campaigns.map(({ campaignId }) => campaignId),
  );
  const seekers = campaigns.flatMap((campaign): Omit<Seeker, 'places' | 'due' | 'callbacks'>[] => {
    const tenant = tenants.get(campaign.tenantId);
    if (!tenant) return [];
    const { tenantId, campaignId, settings } = campaign;
    const none = { tenantId, campaignId, reserved: 0, closing: 0, talking: 0, ringing: 0, talkedMs: [], ringingMs: [] };
    const own = open.find((each) => each.campaignId === campaignId) ?? none;
    const dials: OpenDials = {
      mode: settings.pacing.mode,
      epsilon: settings.pacing.epsilon,
      talking: own.talking,
      finishing: { talkedMs: own.talkedMs, times: answers.talksOf(campaignId) },
      // What is claimed is about to ring. Without overlap only their number counts.
      ringing: [...own.ringingMs, ...zeros(own.ringing - own.ringingMs.length + own.reserved)],
      now: now.getTime(),
      rates: answers.ratesOf(campaignId),
    };
    return [{ campaign, tenant, open: own, dials, buckets: openBuckets(campaign, tenant, buckets.get(campaignId) ?? [], now) }];
  });
  const places = seekers.flatMap(({ campaign, buckets: own }) => own.map(({ id }) => ({ campaignId: campaign.campaignId, id })));
  const due = await countDue(transaction, { now, buckets: places, most: CLAIM_LIMIT });
  const seeking = seekers.map((seeker): Seeker => {
    const waiting = due.get(seeker.campaign.campaignId) ?? [];
    const count = (counted: readonly DuePlace[]) => sum(counted.map((place) => place.due));
    return { ...seeker, places: waiting, due: count(waiting), callbacks: count(waiting.filter(({ rank }) => rank === 0)) };
  });
  return { open, seekers: seeking };
}

const zeros = (length: number) => Array.from({ length }, () => 0);

/** Slots that each campaign may take beyond those it has. Calls from the API, and those of campaigns that do not run any more, hold theirs. */
function shareSlots(seekers: readonly Seeker[], open: readonly OpenCalls[], capacity: number, paced: number): Map<string, number> {
  const own = new Set(seekers.map(({ campaign }) => campaign.campaignId));
  const others = open.filter(({ campaignId }) => campaignId === null || !own.has(campaignId));
  const active = new Map(seekers.map(({ campaign, dials }) => [campaign.campaignId, slotsHeld(dials)]));
  const taken = [...active.values(), ...others.map(({ reserved, talking, ringing }) => reserved + talking + ringing)];
  const floor = Math.floor(capacity * FLOOR_SHARE);
  return shareFreeSlots({
    free: Math.min(capacity - sum(taken), paced + floor),
    floor,
    tenants: new Map(seekers.map(({ campaign, tenant }) => [campaign.tenantId, { weight: 1, maxConcurrent: tenant.max_concurrent }])),
    seekers: seekers.map(({ campaign, buckets, due, callbacks }) => ({
      id: campaign.campaignId,
      tenantId: campaign.tenantId,
      weight: campaign.settings.weight,
      active: active.get(campaign.campaignId) ?? 0,
      wants: due,
      callbacks,
      maxConcurrent: campaign.maxConcurrent,
      closesInMs: soonest(buckets),
    })),
  });
}

function soonest(buckets: readonly OpenBucket[]): number | null {
  const closing = buckets.flatMap(({ closesInMs }) => (closesInMs === null ? [] : [closesInMs]));
  return closing.length === 0 ? null : Math.min(...closing);
}

function dialsOf({ campaign, dials, open }: Seeker, share: number, { abandonment }: ClaimRoundOptions): number {
  const starts = dialsToStart({ ...dials, slots: slotsHeld(dials) + share, abandonment: abandonment.of(campaign.campaignId) });
  return Math.min(starts, campaign.maxConcurrent - open.talking - dials.ringing.length);
}

async function claim(
  transaction: Db,
  { campaign, tenant, buckets, places }: Seeker,
  limit: number,
  pools: NumberPools,
  now: Date,
): Promise<ClaimedCall[]> {
  const { tenantId, campaignId } = campaign;
  const chargedOn = dayOf(tenant.time_zone, now);
  const times = { now, chargedOn, leaseUntil: after(now, deadlines.reservationMs), busyUntil: after(now, deadlines.busyMs) };
  const caps = buckets.flatMap((bucket) => bucket.caps);
  const closing = new Set(buckets.filter(({ closesInMs }) => closesInMs !== null && closesInMs < CLOSING_MS).map(({ id }) => id));
  const ids = buckets.map(({ id }) => id);
  const ring = strictestRing(buckets.map((bucket) => bucket.ring));
  const claimed: ClaimedCall[] = [];
  for (let look = 0; look < LOOKS && claimed.length < limit; look++) {
    const wanted = limit - claimed.length;
    // Who may not be called was put off by the first look; whoever is left in any bucket takes their place.
    const shared =
      look === 0
        ? spreadClaim(wanted, places, { isClosing: (bucketId) => closing.has(bucketId), turn: Math.floor(now.getTime() / TURN_MS) })
        : placesOf(ids, wanted);
    const { calls, looked } = await claimContacts(transaction, {
      tenantId,
      campaignId,
      limit: wanted,
      places: shared,
      caps,
      ring,
      ...times,
    });
    claimed.push(...calls);
    if (looked < wanted) break;
  }
  return chargeCalls(transaction, { campaign, chargedOn, calls: claimed, buckets, pools, now });
}

/** The day counters of everything that is about to be charged, locked in one go. Tenants' days differ: each has those of its own, and the account has one for all. */
function lockDay(
  transaction: Db,
  seekers: readonly Seeker[],
  { registered, sourceNumbers }: { registered: RegisteredNumbers; sourceNumbers: readonly string[] },
  now: Date,
): Promise<Map<string, number>> {
  const counters = new Map<string, DayCounter>();
  const add = (counter: DayCounter) => counters.set(counterName(counter), counter);
  add({ ...ACCOUNT_COUNTER, day: accountDayOf(now) });
  for (const { campaign, tenant } of seekers) {
    const { tenantId, campaignId } = campaign;
    const day = dayOf(tenant.time_zone, now);
    add({ tenantId, scope: 'tenant', key: '*', day });
    add({ tenantId, scope: 'campaign', key: campaignId, day });
    const own = registered.get(tenantId) ?? [];
    const phones = own.length > 0 ? own.map(({ phoneE164 }) => phoneE164) : sourceNumbers;
    for (const key of phones) add({ tenantId, scope: 'number', key, day });
  }
  return lockCounters(transaction, [...counters.values()]);
}
