import { isRegionOf } from '../numbers/region-codes.js';
import type { PolicyDocument, PolicyRule, RuleOf } from './policy.js';
import { policyDocuments, rulesOf } from './policies.js';

/** Where somebody may be. */
export interface Whereabouts {
  country: string | null;
  regions: readonly string[];
}

export interface ApplyingRules {
  /** The policies that cover the country. */
  policies: PolicyDocument[];
  /** Their rules, inherited ones too, each once, that hold in one of the regions: in any region, where nobody knows which. */
  rules: PolicyRule[];
}

/** What applies of the named policies to somebody who may be there. Names that nobody knows are left out: see `unknownPolicies`. */
export function applyingRules(names: readonly string[], whereabouts: Whereabouts): ApplyingRules {
  const policies = [...new Set(names)]
    .flatMap((name) => policyDocuments.get(name) ?? [])
    .filter((policy) => covers(policy, whereabouts.country));
  const regions = knownRegions(whereabouts);
  const rules = new Set(policies.flatMap(({ name }) => rulesOf(name)));
  return {
    policies,
    rules: [...rules].filter((rule) => rule.regions === null || regions === null || rule.regions.some((each) => regions.includes(each))),
  };
}

export function rulesOfKind<Kind extends PolicyRule['kind']>(rules: readonly PolicyRule[], kind: Kind): RuleOf<Kind>[] {
  return rules.filter((rule): rule is RuleOf<Kind> => rule.kind === kind);
}

export function unknownPolicies(names: readonly string[]): string[] {
  return names.filter((name) => !policyDocuments.has(name));
}

/** Is there one among them that covers the country? */
export function isCovered(names: readonly string[], country: string | null): boolean {
  return names.some((name) => {
    const policy = policyDocuments.get(name);
    return policy !== undefined && covers(policy, country);
  });
}

/**
 * The regions without their country; null when nobody knows them: when there is none, or one that is no code of the country, for "Florida" must not be
 * taken for a place without rules.
 */
export function knownRegions({ country, regions }: Whereabouts): readonly string[] | null {
  if (country === null || regions.length === 0) return null;
  const codes = regions.map((region) => region.trim().toUpperCase().replace(`${country}-`, ''));
  return codes.every((code) => isRegionOf(country, code)) ? codes : null;
}

function covers({ countries }: PolicyDocument, country: string | null): boolean {
  return countries.includes('*') || (country !== null && countries.includes(country));
}
