import { applyingRules, rulesOfKind } from '../policies/applying-rules.js';
import { rulesOf } from '../policies/policies.js';
import type { AbandonmentRule, DisclosureRule, DutyRule } from '../policies/policy.js';
import type { BucketFacts } from '../numbers/bucket-key.js';

/** How long a phone must ring before we give up, and may ring at most, milliseconds; null: no rule. */
export interface RingLimits {
  minMs: number | null;
  maxMs: number | null;
}

export function ringLimitsOf(policies: readonly string[], bucket: BucketFacts): RingLimits {
  const rules = rulesOfKind(applyingRules(policies, bucket).rules, 'ring');
  const minima = rules.flatMap(({ minMs }) => minMs ?? []);
  const maxima = rules.flatMap(({ maxMs }) => maxMs ?? []);
  return { minMs: minima.length === 0 ? null : Math.max(...minima), maxMs: maxima.length === 0 ? null : Math.min(...maxima) };
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

/** What must be said in a call to the bucket. */
export function disclosuresOf(policies: readonly string[], bucket: BucketFacts): DisclosureRule[] {
  return rulesOfKind(applyingRules(policies, bucket).rules, 'disclosure');
}

/** What the gate leaves to the operator. */
export function dutiesOf(policies: readonly string[]): DutyRule[] {
  return rulesOfKind([...new Set(policies.flatMap(rulesOf))], 'duty');
}
