import type { Consent, DialingWindow, Disclosure, Disposition } from '@carillon/contracts';

/** Where a number comes from. */
export interface PolicySource {
  title: string;
  url: string | null;
  /** The source's own date, or the day it was read where it has none: YYYY-MM-DD. */
  date: string;
  /** False: the number has not been checked against the source, and `note` may say why. */
  verified: boolean;
  note: string;
}

/** What a call is for. Some laws ask for more where something is to be sold. */
export type CallPurpose = 'marketing' | 'service';

/** What may be counted or waited for after it. */
export type CountedCalls = 'attempts' | 'conversations' | readonly Disposition[];

interface RuleBase {
  /** Unique over all policies: `us-federal/hours`. */
  id: string;
  /** ISO 3166-2 codes without the country; null: everywhere the policy covers. */
  regions: readonly string[] | null;
  source: PolicySource;
}

/** Calls only inside the windows. `zone` null: in the contact's own zone. */
export interface HoursRule extends RuleBase {
  kind: 'hours';
  windows: readonly DialingWindow[];
  zone: string | null;
}
/** No calls on public holidays. */
export interface HolidaysRule extends RuleBase {
  kind: 'holidays';
}
/** At most `limit` charged calls to one person in any `withinMs`. */
export interface CapRule extends RuleBase {
  kind: 'cap';
  limit: number;
  withinMs: number;
}
/** No call for `forMs` after one of these. */
export interface CooldownRule extends RuleBase {
  kind: 'cooldown';
  after: CountedCalls;
  forMs: number;
}
export interface ConsentRule extends RuleBase {
  kind: 'consent';
  accepts: readonly Consent[];
  /** Null: whatever the call is for. */
  purpose: CallPurpose | null;
}
export interface BlockedRegionsRule extends RuleBase {
  kind: 'blocked_regions';
  blocked: readonly string[];
}
/** A phone must ring this long before we give up, and not longer than that. */
export interface RingRule extends RuleBase {
  kind: 'ring';
  minMs: number | null;
  maxMs: number | null;
}
export interface AbandonmentRule extends RuleBase {
  kind: 'abandonment';
  /** Share of the calls that a person answered, 0–1. */
  maxShare: number;
  withinMs: number;
  /** Abandoned: nobody speaks to the person this long after their greeting. */
  connectWithinMs: number;
}
export interface DisclosureRule extends RuleBase {
  kind: 'disclosure';
  what: Disclosure;
  text: string;
}
export interface TenantDailyCapRule extends RuleBase {
  kind: 'tenant_daily_cap';
  limit: number;
}
/** What the gate cannot decide: the operator, or another part of the engine, must see to it. */
export interface DutyRule extends RuleBase {
  kind: 'duty';
  text: string;
}

export type PolicyRule =
  | HoursRule
  | HolidaysRule
  | CapRule
  | CooldownRule
  | ConsentRule
  | BlockedRegionsRule
  | RingRule
  | AbandonmentRule
  | DisclosureRule
  | TenantDailyCapRule
  | DutyRule;

export type RuleOf<Kind extends PolicyRule['kind']> = Extract<PolicyRule, { kind: Kind }>;

/** Calling rules of a country, as data. */
export interface PolicyDocument {
  name: string;
  /** Day of the last change, YYYY-MM-DD: each decision is stored with it. */
  version: string;
  title: string;
  /** The policy whose rules hold too. */
  extends: string | null;
  /** ISO 3166-1 alpha-2; `*` is every country, and also a contact whose country nobody knows. */
  countries: readonly string[];
  /** Read the sources again by then, YYYY-MM-DD. */
  reviewBy: string;
  /** Its own rules, without those of the policy that it extends. */
  rules: readonly PolicyRule[];
}
