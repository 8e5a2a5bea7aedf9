import { applyingRules, rulesOfKind } from '../policies/applying-rules.js';
import { rulesOf } from '../policies/policies.js';
import type { AbandonmentRule, DutyRule } from '../policies/policy.js';
import type { BucketFacts } from '../numbers/bucket-key.js';

/** How long a phone must ring before we give up, and may ring at most, milliseconds; null: no rule. */
export interface RingLimits {
  minMs: number | null;
  maxMs: number | null;
}

/** Of all that apply to the bucket the strictest; without a bucket, of all that the policies have. */
export function ringLimitsOf(policies: readonly string[], bucket: BucketFacts | null): RingLimits {
  const rules = rulesOfKind(bucket === null ? policies.flatMap(rulesOf) : applyingRules(policies, bucket).rules, 'ring');
  return strictestRing(rules);
}

/** Together as strict as each of them. */
export function strictestRing(limits: readonly RingLimits[]): RingLimits {
  const minima = limits.flatMap(({ minMs }) => minMs ?? []);
  const maxima = limits.flatMap(({ maxMs }) => maxMs ?? []);
  return { minMs: minima.length === 0 ? null : Math.max(...minima), maxMs: maxima.length === 0 ? null : Math.min(...maxima) };
}

/** The nearest ring timeout that the limits allow; where they contradict each other the phone does not ring longer than it may. */
export function ringTimeoutWithin({ minMs, maxMs }: RingLimits, ringTimeoutMs: number): number {
  return Math.min(Math.max(ringTimeoutMs, minMs ?? 0), maxMs ?? Infinity);
}

/** The fewest calls a day that one of the policies leaves to a tenant; null: no rule. */
export function tenantDailyCapOf(policies: readonly string[]): number | null {
  const limits = rulesOfKind(policies.flatMap(rulesOf), 'tenant_daily_cap').map(({ limit }) => limit);
  return limits.length === 0 ? null : Math.min(...limits);
}

/** The rule with the smallest share, and the shorter time among equals; null: no rule. */
export function abandonmentLimitOf(policies: readonly string[]): AbandonmentRule | null {
  const rules = rulesOfKind(policies.flatMap(rulesOf), 'abandonment');
  return rules.sort((a, b) => a.maxShare - b.maxShare || a.withinMs - b.withinMs)[0] ?? null;
}

/** Something that a policy demands beside what the gate decides. */
export interface PolicyDemand {
  /** Id of the rule. */
  rule: string;
  text: string;
  /** The agent says it by itself; otherwise it is left to the operator. */
  saidByAgent: boolean;
}

/** Of a call to anybody under the policies. */
export function demandsOf(policies: readonly string[]): PolicyDemand[] {
  const disclosures = rulesOfKind([...new Set(policies.flatMap(rulesOf))], 'disclosure');
  return [
    ...disclosures.map(({ id, text, what }) => ({ rule: id, text, saidByAgent: what !== 'recording' })),
    ...dutiesOf(policies).map(({ id, text }) => ({ rule: id, text, saidByAgent: false })),
  ];
}

/** What the gate leaves to the operator. */
export function dutiesOf(policies: readonly string[]): DutyRule[] {
  return rulesOfKind([...new Set(policies.flatMap(rulesOf))], 'duty');
}
