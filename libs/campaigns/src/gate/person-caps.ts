import { DAY_MS, isZone, localDayAround } from '../calendar/zone-offsets.js';
import { applyingRules } from '../policies/applying-rules.js';
import type { CountedCalls, PolicyRule } from '../policies/policy.js';
import type { BucketFacts } from '../numbers/bucket-key.js';
import type { PastCall, PersonLimits } from './dial-facts.js';
import type { Reason } from './verdict.js';

/**
 * At most `limit` calls to one person after `since` (excluded). A person is capped when the limit-th newest counted call is later than `since`; the cap
 * ends `lengthMs` after that call (rolling), or at `until` (calendar).
 */
export type PersonCap = {
  code: 'person_cap' | 'cooldown';
  /** Id of the policy's rule; null: the campaign's own limit. */
  rule: string | null;
  message: string;
  limit: number;
  since: Date;
  /** Which calls count: all that were charged, those in which somebody spoke with us, or those with one of the dispositions. */
  counts: CountedCalls;
} & ({ kind: 'rolling'; lengthMs: number } | { kind: 'calendar'; until: Date });

export const NO_PERSON_LIMITS: PersonLimits = { max_per_day: null, max_per_week: null };

/** When nobody knows the zone the day may have begun this long ago: the longest there is, with clocks put back. */
const LONGEST_DAY_MS = 25 * 3_600_000;

/** Every cap on calls to a person of the bucket: each one counts for itself. */
export function personCapsOf(
  policies: readonly string[],
  bucket: BucketFacts,
  now: Date,
  own: PersonLimits = NO_PERSON_LIMITS,
): PersonCap[] {
  return capsOf(applyingRules(policies, bucket).rules, bucket, now, own);
}

/** How far back the history of a person must reach for these policies, milliseconds. */
export function longestCapMs(policies: readonly string[], bucket: BucketFacts): number {
  const caps = personCapsOf(policies, bucket, new Date(0), { max_per_day: null, max_per_week: 1 });
  return Math.max(...caps.map((cap) => (cap.kind === 'rolling' ? cap.lengthMs : 2 * DAY_MS)));
}

export function capsOf(rules: readonly PolicyRule[], bucket: BucketFacts, now: Date, own: PersonLimits): PersonCap[] {
  return [...rules.flatMap((rule) => ofRule(rule, now)), ...perDay(own, bucket, now), ...perWeek(own, now)];
}

/** The reasons that the caps give against one more call. */
export function capReasons(caps: readonly PersonCap[], history: readonly PastCall[]): Reason[] {
  return caps.flatMap((cap) => {
    const counted = history
      .filter((call) => isCounted(call, cap.counts) && call.at > cap.since)
      .map(({ at }) => at.getTime())
      .sort((a, b) => b - a);
    if (counted.length < cap.limit) return [];
    const { code, rule, message } = cap;
    return { code, rule, message, until: endOf(cap, counted[cap.limit - 1]) };
  });
}

function endOf(cap: PersonCap, lastThatCounts: number | undefined): Date | null {
  if (lastThatCounts === undefined) return null; // a limit of 0
  return cap.kind === 'calendar' ? cap.until : new Date(lastThatCounts + cap.lengthMs);
}

function isCounted({ conversation, disposition }: PastCall, counts: CountedCalls): boolean {
  if (counts === 'attempts') return true;
  if (counts === 'conversations') return conversation;
  return disposition !== null && counts.includes(disposition);
}

function ofRule(rule: PolicyRule, now: Date): PersonCap[] {
  if (rule.kind === 'cap') {
    const message = `${rule.id}: at most ${rule.limit} calls to one person in ${inWords(rule.withinMs)}`;
    return [rolling({ code: 'person_cap', rule: rule.id, message, limit: rule.limit, counts: 'attempts' }, rule.withinMs, now)];
  }
  if (rule.kind !== 'cooldown') return [];
  const after = { attempts: 'any call', conversations: 'a conversation' };
  const event = typeof rule.after === 'string' ? after[rule.after] : `a call that ended as ${rule.after.join(' or ')}`;
  const message = `${rule.id}: no call for ${inWords(rule.forMs)} after ${event}`;
  return [rolling({ code: 'cooldown', rule: rule.id, message, limit: 1, counts: rule.after }, rule.forMs, now)];
}

type CapBase = Omit<PersonCap, 'kind' | 'since'>;

function rolling(cap: CapBase, lengthMs: number, now: Date): PersonCap {
  return { ...cap, kind: 'rolling', lengthMs, since: new Date(now.getTime() - lengthMs) };
}

/** Counted in each zone that the person may be in, for a day begins elsewhere in each. */
function perDay({ max_per_day: limit }: PersonLimits, { timeZones }: BucketFacts, now: Date): PersonCap[] {
  if (limit === null) return [];
  const cap: CapBase = {
    code: 'person_cap',
    rule: null,
    message: `the campaign calls a person at most ${limit} times a day`,
    limit,
    counts: 'attempts',
  };
  if (timeZones.length === 0 || !timeZones.every(isZone)) return [rolling(cap, LONGEST_DAY_MS, now)];
  const caps = timeZones.map((zone): PersonCap => {
    const { from, to } = localDayAround(zone, now.getTime());
    return { ...cap, kind: 'calendar', since: new Date(from - 1), until: new Date(to) };
  });
  return caps.filter(({ since }, index) => caps.findIndex((other) => other.since.getTime() === since.getTime()) === index);
}

function perWeek({ max_per_week: limit }: PersonLimits, now: Date): PersonCap[] {
  if (limit === null) return [];
  const message = `the campaign calls a person at most ${limit} times in 7 days`;
  return [rolling({ code: 'person_cap', rule: null, message, limit, counts: 'attempts' }, 7 * DAY_MS, now)];
}

function inWords(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes % 1440 === 0) return minutes === 1440 ? '24 hours' : `${minutes / 1440} days`;
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
}
