import type { PolicyName } from '@carillon/contracts';
import cn from './cn.json' with { type: 'json' };
import de from './de.json' with { type: 'json' };
import eu from './eu.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };
import india from './in.json' with { type: 'json' };
import none from './none.json' with { type: 'json' };
import uk from './uk.json' with { type: 'json' };
import usDebt from './us-debt.json' with { type: 'json' };
import usFederal from './us-federal.json' with { type: 'json' };
import usStrictStates from './us-strict-states.json' with { type: 'json' };
import type { PolicyDocument, PolicyRule } from './policy.js';
import { readPolicy } from './read-policy.js';

const WRITTEN = {
  none,
  'us-federal': usFederal,
  'us-strict-states': usStrictStates,
  'us-debt': usDebt,
  uk,
  eu,
  fr,
  de,
  cn,
  in: india,
} satisfies Record<PolicyName, unknown>;

/** All policies that ship, read and checked when the process starts: a broken one stops it. */
export const policyDocuments: ReadonlyMap<string, PolicyDocument> = new Map(Object.values(WRITTEN).map((json) => named(readPolicy(json))));

const rulesByPolicy: ReadonlyMap<string, readonly PolicyRule[]> = new Map(
  [...policyDocuments.values()].map((policy) => [policy.name, withInherited(policy)]),
);

/** The rules of a policy with those of every policy that it extends. Empty for a policy that nobody knows: ask `policyDocuments` first. */
export function rulesOf(policy: string): readonly PolicyRule[] {
  return rulesByPolicy.get(policy) ?? [];
}

function named(policy: PolicyDocument): [string, PolicyDocument] {
  return [policy.name, policy];
}

function withInherited(policy: PolicyDocument): readonly PolicyRule[] {
  if (policy.extends === null) return policy.rules;
  const parent = policyDocuments.get(policy.extends);
  if (!parent) throw new RangeError(`${policy.name}.extends: there is no policy "${policy.extends}"`);
  return [...withInherited(parent), ...policy.rules];
}
