import type { Verdict } from './referee/judge.js';
import type { Violation } from './referee/violation.js';

export interface Kills {
  dialer: number;
  media: number;
  api: number;
  redis: number;
  postgres: number;
  frozen: number;
}

export interface Faults {
  timeout_after: number;
  error_500: number;
  refused_429: number;
  duplicate: number;
  late: number;
  reordered: number;
  early: number;
  missing: number;
}

type Broken = Record<Violation['rule'], number>;

/** The last line of `npm run chaos`. */
export type ChaosResult = {
  result: 'chaos';
  contacts: number;
  calls: number;
  reached: number;
  no_evidence: number;
  kills: Kills;
  faults: Faults;
  blocked: Verdict['blocked'];
} & Broken;

const RULES = [
  'lost',
  'double_dials',
  'outside_window',
  'over_cap',
  'over_concurrency',
  'blacklisted_dialed',
  'unaccounted',
] as const satisfies readonly Violation['rule'][];

export interface ResultParts {
  contacts: number;
  noEvidence: number;
  kills: Kills;
  faults: Faults;
  unaccounted: number;
  verdict: Verdict;
}

export function chaosResult({ contacts, noEvidence, kills, faults, unaccounted, verdict }: ResultParts): ChaosResult {
  const { calls, reached, blocked, violations } = verdict;
  const count = (rule: Violation['rule']) => violations.filter((violation) => violation.rule === rule).length;
  const broken = Object.fromEntries(RULES.map((rule) => [rule, count(rule)])) as Broken;
  return { result: 'chaos', contacts, calls, reached, no_evidence: noEvidence, kills, faults, blocked, ...broken, unaccounted };
}

const REACHED_AT_LEAST = 0.6;
const NO_EVIDENCE_AT_MOST = 0.05;

/** Why the run does not count as passed; empty when it does. A fault that never struck has proved nothing. */
export function failuresOf(result: ChaosResult, callable: number): string[] {
  const never = Object.entries({ ...result.kills, ...result.faults }).filter(([, count]) => count === 0);
  return [
    ...RULES.filter((rule) => result[rule] !== 0).map((rule) => `${rule} is ${result[rule]}`),
    ...never.map(([name]) => `${name} never struck`),
    ...(result.reached < REACHED_AT_LEAST * callable ? [`only ${result.reached} of ${callable} people were reached`] : []),
    ...(result.no_evidence > NO_EVIDENCE_AT_MOST * result.contacts ? [`${result.no_evidence} contacts ended without evidence`] : []),
  ];
}
