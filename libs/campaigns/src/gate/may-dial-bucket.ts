import { LOOK_AHEAD_MS, isOpen, nextFlip, nextOpening, openIntervals } from '../calendar/calling-calendar.js';
import { isZone } from '../calendar/zone-offsets.js';
import { applyingRules, isCovered, knownRegions, rulesOfKind, unknownPolicies, type ApplyingRules } from '../policies/applying-rules.js';
import type { PolicyRule } from '../policies/policy.js';
import { calendarsOf, type NamedCalendar } from './calendars-of.js';
import type { BucketDialFacts } from './dial-facts.js';
import type { Reason, Verdict } from './verdict.js';

/** Nobody acts on a verdict later than this; to look further ahead would only take longer. */
const HOLDS_AT_MOST_MS = 3_600_000;

export interface BucketVerdict extends Verdict {
  /** The verdict holds until then; null: until the campaign, its policies or the bucket are changed. */
  changesAt: Date | null;
}

/** A question about a bucket with what it takes to answer it. */
export interface BucketCase extends ApplyingRules {
  facts: BucketDialFacts;
  calendars: readonly NamedCalendar[];
}

/** The part of `mayDial` that all contacts of a bucket share: campaign, policies, consent, region, hours, holidays. */
export function mayDialBucket(facts: BucketDialFacts): BucketVerdict {
  const bucketCase = openCase(facts);
  return { ...verdictOf(bucketCase, bucketReasons(bucketCase)), changesAt: changesAt(bucketCase) };
}

/**
 * The first instant from `at` on at which the bucket may be called, as if its campaign ran all the time: for planning. Null when it never may, or not
 * within two weeks, or not before the campaign ends.
 */
export function nextCallingTime(facts: Omit<BucketDialFacts, 'now'>, at: Date): Date | null {
  const campaign = facts.campaign && { ...facts.campaign, status: 'running' as const };
  const { allowed, nextAt } = mayDialBucket({ ...facts, campaign, now: at });
  return allowed ? at : nextAt;
}

/** Names of all policies that may apply to a call. */
export function policiesOf({ campaign, tenantPolicies }: Pick<BucketDialFacts, 'campaign' | 'tenantPolicies'>): string[] {
  return [...new Set([...(campaign?.policies ?? []), ...tenantPolicies])];
}

export function openCase(facts: BucketDialFacts): BucketCase {
  const applying = applyingRules(policiesOf(facts), facts.bucket);
  return { ...applying, facts, calendars: calendarsOf(applying.rules, facts.campaign, facts.bucket) };
}

export function bucketReasons(bucketCase: BucketCase): Reason[] {
  const { facts, rules } = bucketCase;
  return [
    ...campaignReasons(facts),
    ...policyReasons(facts),
    ...consentReasons(facts, rules),
    ...regionReasons(facts, rules),
    ...hourReasons(bucketCase),
  ];
}

/** `nextAt`: when the last of the reasons that end has ended, the phones may be closed; then they open later. */
export function verdictOf(bucketCase: BucketCase, reasons: Reason[]): Verdict {
  const { facts, calendars, policies, rules } = bucketCase;
  const allowed = reasons.length === 0;
  const applied = policies.map(({ name, version }) => ({ name, version }));
  const ends = reasons.map(({ until }) => until?.getTime() ?? Infinity);
  const allEnd = Math.max(facts.now.getTime(), ...ends);
  const next = allowed || allEnd === Infinity ? null : nextOpening(calendars, allEnd);
  const isTooLate = next !== null && next >= (facts.campaign?.endsAt?.getTime() ?? Infinity);
  return {
    ...{ allowed, reasons, policies: applied },
    nextAt: next === null || isTooLate ? null : new Date(next),
    until: allowed ? holdsUntil(bucketCase) : facts.now,
    disclosures: [...new Set(rulesOfKind(rules, 'disclosure').map(({ what }) => what))],
  };
}

function holdsUntil({ facts: { now, campaign }, calendars }: BucketCase): Date {
  const at = now.getTime();
  const [open] = openIntervals(calendars, { from: at, to: at + HOLDS_AT_MOST_MS });
  return new Date(Math.min(open?.to ?? at, campaign?.endsAt?.getTime() ?? Infinity));
}

const lasting = (code: Reason['code'], message: string, rule: string | null = null): Reason => ({ code, rule, message, until: null });

function campaignReasons({ campaign, now }: BucketDialFacts): Reason[] {
  if (campaign === null) return [];
  const { status, startsAt, endsAt } = campaign;
  const reasons: Reason[] = [];
  if (status !== 'running') reasons.push(lasting('campaign_not_running', `the campaign is ${status}`));
  if (startsAt !== null && !(now >= startsAt)) reasons.push({ ...lasting('not_started', 'the campaign starts later'), until: startsAt });
  if (endsAt !== null && !(now < endsAt)) reasons.push(lasting('ended', 'the campaign has ended'));
  return reasons;
}

/** A tenant's policy may only add to what a campaign checks, so it does not cover a country in the campaign's place. */
function policyReasons(facts: BucketDialFacts): Reason[] {
  const { campaign, bucket, tenantPolicies } = facts;
  const reasons = unknownPolicies(policiesOf(facts)).map((name) => lasting('no_policy', `there is no policy "${name}"`));
  if (isCovered(campaign?.policies ?? tenantPolicies, bucket.country)) return reasons;
  const whose = campaign === null ? "the tenant's" : "the campaign's";
  const where = bucket.country === null ? 'a number of unknown country' : bucket.country;
  return [...reasons, lasting('no_policy', `none of ${whose} policies covers ${where}`)];
}

function consentReasons({ campaign, bucket }: BucketDialFacts, rules: readonly PolicyRule[]): Reason[] {
  const given = bucket.consent ?? campaign?.consent ?? null;
  const purpose = campaign?.purpose ?? 'marketing';
  return rulesOfKind(rules, 'consent')
    .filter((rule) => (rule.purpose === null || rule.purpose === purpose) && !rule.accepts.some((each) => each === given))
    .map(({ id, accepts }) =>
      lasting('consent_missing', `${id}: needs consent (${accepts.join(' or ')}), and there is ${given ?? 'none'}`, id),
    );
}

function regionReasons({ bucket }: BucketDialFacts, rules: readonly PolicyRule[]): Reason[] {
  const regions = knownRegions(bucket);
  return rulesOfKind(rules, 'blocked_regions').flatMap(({ id, blocked }) => {
    if (regions === null) return [lasting('region_blocked', `${id}: some regions must not be called, and the contact's is unknown`, id)];
    const hit = regions.filter((region) => blocked.includes(region));
    return hit.length === 0 ? [] : [lasting('region_blocked', `${id}: ${hit.join(', ')} must not be called`, id)];
  });
}

function hourReasons({ calendars, facts }: BucketCase): Reason[] {
  const at = facts.now.getTime();
  const placed = calendars.filter(hasZones);
  const closed = placed
    .filter((calendar) => !isOpen(calendar, at))
    .map((calendar): Reason => {
      const opens = nextOpening([calendar], at);
      return { code: calendar.code, rule: calendar.rule, message: calendar.message, until: opens === null ? null : new Date(opens) };
    });
  if (placed.length === calendars.length) return closed;
  return [lasting('zone_unknown', "there are hours to keep, and the contact's time zone is unknown"), ...closed];
}

function hasZones({ zones }: NamedCalendar): boolean {
  return zones.length > 0 && zones.every(isZone);
}

/** A calendar that neither opens nor closes within the look-ahead must be asked again at its end. */
function changesAt({ calendars, facts: { now, campaign } }: BucketCase): Date | null {
  const at = now.getTime();
  const ofCalendars = calendars.filter(hasZones).map((calendar) => nextFlip(calendar, at) ?? at + LOOK_AHEAD_MS);
  const ofCampaign = [campaign?.startsAt, campaign?.endsAt].map((date) => date?.getTime() ?? null);
  const changes = [...ofCalendars, ...ofCampaign].filter((change) => change !== null).filter((change) => change > at);
  return changes.length === 0 ? null : new Date(Math.min(...changes));
}
