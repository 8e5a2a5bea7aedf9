import {
  endOfDay,
  expectRetries,
  retrySettingsOf,
  forecastCampaign,
  mayDialBucket,
  tenantDailyCapOf,
  type BucketDialFacts,
  type DialFacts,
  type Forecast,
  type ForecastBucket,
  type ForecastInput,
  type ForecastNumber,
  type Opening,
} from '@carillon/campaigns';
import { CarillonError, type Disposition, type ForecastQuery, type ForecastView } from '@carillon/contracts';
import { gateFactsOf } from '../ledger/gate-facts.js';
import { gatherFacts, type AccountCaps, type StoredFacts } from '../ledger/gather-facts.sql.js';
import { listBuckets, type Bucket } from '../ledger/running-campaigns.sql.js';
import type { Db } from '../transaction.js';
import { callerNumberPool, type PooledNumber } from './caller-number-pool.js';
import { countWaiting, measureCalls, type CallRates, type WaitingGroup } from './forecast.sql.js';

/** Rates of older calls say little about the next ones. */
const MEASURED_MS = 7 * 86_400_000;
/** Fewer calls than this say nothing. */
const FEWEST_CALLS = 20;
/** Of consumer campaigns (docs/performance.md, pacing cases): until something is measured. */
const GUESS = { answerRate: 0.35, ringMs: 20_000, talkMs: 90_000 };
const GUESSED_OUTCOMES: Partial<Record<Disposition, number>> = {
  no_answer: 50,
  busy: 5,
  declined: 5,
  invalid_number: 5,
  voicemail: 7,
  no_conversation: 3,
  completed: 25,
};
/** Of the answered calls, those in which a person speaks with us; by the outcomes that are guessed. */
const GUESSED_CONVERSATIONS = 25 / 35;
const FAR = new Date(8_640_000_000_000_000);

/** What the account with the carrier takes, over all tenants; null: not limited by us. */
export interface AccountLimits extends AccountCaps {
  maxConcurrent: number | null;
  callsPerSecond: number | null;
}

interface ForecastQuestion {
  tenantId: string;
  campaignId: string;
  account: AccountLimits;
  /** What the caller assumes; what is missing is measured or guessed. */
  assumed: ForecastQuery;
  /** Room of the fleet now; null: nobody knows of one. */
  fleetSlots: number | null;
  now: Date;
}

/** How a campaign would run from now, as if it were started. Throws `not_found`. */
export async function forecastContacts(db: Db, question: ForecastQuestion): Promise<ForecastView> {
  const { tenantId, campaignId, account, assumed, fleetSlots, now } = question;
  const stored = await gatherFacts(db, { tenantId, campaignId, phoneE164: '', contactId: null, callId: null, callerNumber: null, now });
  const { campaign, tenant } = stored;
  if (!campaign) throw new CarillonError('not_found', [{ field: 'id', message: 'There is no campaign with this id' }]);
  const only = campaign.settings.caller_numbers;
  const [groups, buckets, measured, numbers] = await Promise.all([
    countWaiting(db, { tenantId, campaignId, now }),
    listBuckets(db, [campaignId]),
    measureCalls(db, { tenantId, campaignId, since: new Date(now.getTime() - MEASURED_MS) }),
    callerNumberPool(db, { tenantId, day: stored.today.day, only }),
  ]);
  const facts = gateFactsOf(stored, { phoneE164: '', campaignId, maxCallMs: 0, charged: false }, account, now);
  const slots = assumed.slots ?? (fleetSlots || campaign.maxConcurrent);
  const maxConcurrent = least(campaign.maxConcurrent, tenant.max_concurrent, account.maxConcurrent) ?? campaign.maxConcurrent;
  const rates = ratesOf(assumed, measured);
  const input: ForecastInput = {
    ...{ now, startsAt: latest(campaign.startsAt, campaign.heldUntil), endsAt: campaign.endsAt, slots, maxConcurrent },
    buckets: (buckets.get(campaignId) ?? []).map((bucket) =>
      bucketOf(
        bucket,
        groups.filter(({ bucketId }) => bucketId === bucket.id),
        facts,
      ),
    ),
    callsPerSecond: least(campaign.settings.calls_per_second, tenant.calls_per_second, account.callsPerSecond),
    countries: countriesOf(stored),
    callerNumbers: numbers && {
      numbers: numbers.filter(({ number }) => number.enabled).map(numberOf),
      resetsAt: endOfDay(tenant.time_zone, now),
    },
    dailyCaps: dailyCapsOf(facts),
    rates,
    retry: expectRetries(retrySettingsOf(campaign.settings), measured.calls < FEWEST_CALLS ? GUESSED_OUTCOMES : measured.outcomes),
    budget: budgetOf(campaign),
  };
  const measuredCalls = measured.calls < FEWEST_CALLS ? 0 : measured.calls;
  return forecastView(forecastCampaign(input), {
    slots: Math.min(slots, maxConcurrent),
    answer_rate: rates.answerRate,
    ring_ms: rates.ringMs,
    talk_ms: rates.talkMs,
    conversation_share: rates.conversationShare,
    measured_calls: measuredCalls,
  });
}

function ratesOf(assumed: ForecastQuery, measured: CallRates): ForecastInput['rates'] {
  const known = measured.calls < FEWEST_CALLS ? null : measured;
  return {
    answerRate: assumed.answer_rate ?? (known ? known.answered / known.calls : GUESS.answerRate),
    ringMs: Math.round(assumed.ring_ms ?? known?.ringMs ?? GUESS.ringMs),
    talkMs: Math.round(assumed.talk_ms ?? known?.talkMs ?? GUESS.talkMs),
    conversationShare: known && known.answered > 0 ? known.conversations / known.answered : GUESSED_CONVERSATIONS,
  };
}

function countriesOf({ tenant }: StoredFacts): ForecastInput['countries'] {
  const limits = Object.entries(tenant.countries).map(([country, { calls_per_second, max_concurrent }]) => {
    return [country, { callsPerSecond: calls_per_second, maxConcurrent: max_concurrent }] as const;
  });
  return Object.fromEntries(limits);
}

function numberOf({ number, usage }: PooledNumber): ForecastNumber {
  const { restingUntil: restsUntil, maxConcurrent, dailyCap: perDay } = number;
  return { restsUntil, maxConcurrent, perDay, remainingToday: perDay === null ? null : Math.max(0, perDay - usage.today) };
}

/** As if the campaign ran: it is asked how it would. */
function bucketOf({ country, regions, timeZones, consent }: Bucket, groups: readonly WaitingGroup[], facts: DialFacts): ForecastBucket {
  const campaign = facts.campaign && { ...facts.campaign, status: 'running' as const };
  const question = { campaign, tenantPolicies: facts.tenantPolicies, bucket: { country, regions, timeZones, consent } };
  const verdict = mayDialBucket({ ...question, now: facts.now });
  const which = { label: [country ?? '?', ...regions].join(' '), country };
  const all = groups.reduce((sum, { contacts }) => sum + contacts, 0);
  const never = !verdict.allowed && verdict.nextAt === null;
  if (never) {
    const blocked = [{ reason: verdict.reasons[0]?.code ?? 'window_closed', contacts: all }];
    return { ...which, waiting: { callback: 0, retry: 0, fresh: 0 }, nextOpening: () => null, blocked };
  }
  const due = (rank: number) =>
    groups.filter((group) => group.class === rank && group.dueAt === null).reduce((sum, { contacts }) => sum + contacts, 0);
  const later = groups.flatMap(({ dueAt, contacts }) => (dueAt === null ? [] : [{ at: dueAt, contacts }]));
  return {
    ...which,
    waiting: { callback: due(0), retry: due(1), fresh: due(2) },
    later,
    nextOpening: (at) => openingFrom(question, at),
    blocked: [],
  };
}

function openingFrom(question: Omit<BucketDialFacts, 'now'>, at: Date): Opening | null {
  const now = mayDialBucket({ ...question, now: at });
  if (now.allowed) return { opensAt: at, closesAt: now.changesAt ?? FAR };
  if (now.nextAt === null) return null;
  const then = mayDialBucket({ ...question, now: now.nextAt });
  return { opensAt: now.nextAt, closesAt: then.changesAt ?? FAR };
}

/** The caps of a day: the campaign's, the tenant's and its policies', and the account's, whose day is that of UTC. */
function dailyCapsOf(facts: DialFacts): ForecastInput['dailyCaps'] {
  const { campaign, tenant, account, endsAt, accountEndsAt = endsAt } = facts.counts;
  const ofPolicies = { used: tenant.used, limit: tenantDailyCapOf([...(facts.campaign?.policies ?? []), ...facts.tenantPolicies]) };
  const caps = [campaign, tenant, ofPolicies].map((cap) => ({ ...cap, resetsAt: endsAt }));
  return [...caps, { ...account, resetsAt: accountEndsAt }].flatMap(({ used, limit, resetsAt }) =>
    limit === null ? [] : [{ remainingToday: Math.max(0, limit - used), perDay: limit, resetsAt }],
  );
}

function budgetOf({ settings: { budget }, spentMicros }: NonNullable<StoredFacts['campaign']>): ForecastInput['budget'] {
  if (!budget) return null;
  return {
    remaining: Math.max(0, budget.amount - spentMicros / 1e6),
    costPerCall: budget.cost_per_call,
    costPerMinute: budget.cost_per_minute,
  };
}

function least(...limits: (number | null)[]): number | null {
  const known = limits.filter((limit) => limit !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function latest(a: Date | null, b: Date | null): Date | null {
  return a === null || (b !== null && b > a) ? b : a;
}

function forecastView(forecast: Forecast, assumptions: ForecastView['assumptions']): ForecastView {
  return {
    starts_at: forecast.startsAt?.toISOString() ?? null,
    finishes_at: forecast.finishesAt?.toISOString() ?? null,
    unfinished: forecast.unfinished,
    expected_calls: forecast.expectedCalls,
    expected_conversations: forecast.expectedConversations,
    expected_cost: forecast.expectedCost,
    blocked: forecast.blocked,
    timeline: forecast.timeline.map(({ hour, calls, waiting, limitedBy }) => ({ hour, calls, waiting, limited_by: limitedBy })),
    assumptions,
  };
}
