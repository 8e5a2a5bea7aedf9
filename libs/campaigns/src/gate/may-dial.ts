import { rulesOfKind } from '../policies/applying-rules.js';
import type { DayCount, DialFacts } from './dial-facts.js';
import { bucketReasons, openCase, verdictOf, type BucketCase } from './may-dial-bucket.js';
import { capReasons, capsOf, NO_PERSON_LIMITS } from './person-caps.js';
import type { Reason, ReasonCode, Verdict } from './verdict.js';

/**
 * The one gate before any phone is dialed: campaign, API, retry and callback calls alike. It answers with every reason against the call; none means that
 * it may be made now. The strictest of all rules that apply wins, and a missing fact means no.
 */
export function mayDial(facts: DialFacts): Verdict {
  const bucketCase = openCase(facts);
  return verdictOf(bucketCase, [
    ...bucketReasons(bucketCase),
    ...personReasons(facts),
    ...capReasons(capsOf(bucketCase.rules, facts.bucket, facts.now, facts.campaign?.perPerson ?? NO_PERSON_LIMITS), facts.history),
    ...countReasons(facts, bucketCase),
    ...budgetReasons(facts),
  ]);
}

function personReasons({ blacklisted, inCall }: DialFacts): Reason[] {
  const reasons: Reason[] = [];
  if (blacklisted !== null) reasons.push(reason('blacklisted', `on the blacklist (${blacklisted.scope})`, blacklisted.until));
  if (inCall) reasons.push(reason('already_in_call', 'another call to the person is open'));
  return reasons;
}

const WHOSE = { campaign: 'the campaign', tenant: 'the tenant', number: 'the caller number', account: 'the account' } as const;

/** Caps of a day: they end with it. */
function countReasons({ counts, now }: DialFacts, { rules }: BucketCase): Reason[] {
  const endOf = (scope: keyof typeof WHOSE) => (scope === 'account' ? (counts.accountEndsAt ?? counts.endsAt) : counts.endsAt);
  const own = (['campaign', 'tenant', 'number', 'account'] as const)
    .filter((scope) => now < endOf(scope) && isUsedUp(counts[scope]))
    .map((scope) => reason(`${scope}_cap`, `${WHOSE[scope]} has made its ${counts[scope].limit} calls of the day`, endOf(scope)));
  const ofPolicies = rulesOfKind(rules, 'tenant_daily_cap')
    .filter(({ limit }) => now < counts.endsAt && isUsedUp({ used: counts.tenant.used, limit }))
    .map(({ id, limit }) => ({ ...reason('tenant_cap', `${id}: at most ${limit} calls a day for one tenant`, counts.endsAt), rule: id }));
  return [...own, ...ofPolicies];
}

/** Written so that a count that is no number is used up. */
function isUsedUp({ used, limit }: DayCount): boolean {
  return limit !== null && !(used < limit);
}

function budgetReasons({ budget }: DialFacts): Reason[] {
  if (budget === null) return [];
  const { limitMicros, spentMicros, openMicros } = budget;
  const fits = spentMicros < limitMicros && spentMicros + openMicros <= limitMicros;
  return fits ? [] : [reason('budget', "the campaign's budget is spent, or may be by the calls that are open")];
}

function reason(code: ReasonCode, message: string, until: Date | null = null): Reason {
  return { code, rule: null, message, until };
}
