import type { BlacklistScope, CampaignStatus, Consent, DialingWindow, Disposition } from '@carillon/contracts';
import type { BucketFacts } from '../numbers/bucket-key.js';
import type { CallPurpose } from '../policies/policy.js';

/** Limits of the campaign for one person, over all campaigns of the tenant. Null: none. */
export interface PersonLimits {
  /** Per calendar day of the person. */
  max_per_day: number | null;
  /** In any seven days. */
  max_per_week: number | null;
}

export interface CampaignRules {
  campaignId: string;
  status: CampaignStatus;
  /** Names of policies. One that nobody knows lets nothing pass. */
  policies: readonly string[];
  /** The campaign's own, in the contact's zone: they narrow those of the policies. Null: none of its own. */
  windows: readonly DialingWindow[] | null;
  /** Days without calls, YYYY-MM-DD in the contact's zone. */
  holidays: readonly string[];
  startsAt: Date | null;
  /** No call at or after it. */
  endsAt: Date | null;
  /** Attested for every contact that brings no consent of its own. */
  consent: Consent | null;
  perPerson: PersonLimits;
  /** Absent: not said, and then what marketing needs is asked for. */
  purpose?: CallPurpose;
}

/** A charged call to the person by this tenant: every call that was sent, or may have been. */
export interface PastCall {
  at: Date;
  /** Somebody spoke with us. */
  conversation: boolean;
  /** Null: a call from the API. */
  campaignId: string | null;
  disposition: Disposition | null;
}

export interface DayCount {
  /** Calls charged so far, without the one that is asked about. */
  used: number;
  /** Null: no limit. */
  limit: number | null;
}

export interface DayCounts {
  /** The counts hold until then: the end of the tenant's day (`endOfDay`). */
  endsAt: Date;
  campaign: DayCount;
  tenant: DayCount;
  /** Of the caller number that was chosen; `{ used: 0, limit: null }` where none was yet. */
  number: DayCount;
  account: DayCount;
  /** Of the account's day, which is that of UTC for every tenant; absent: as `endsAt`. */
  accountEndsAt?: Date;
}

/** Millionths of the campaign's currency. */
export interface BudgetFacts {
  limitMicros: number;
  spentMicros: number;
  /** What the calls that are open, and the one that is asked about, may yet cost at most. */
  openMicros: number;
}

/** What is the same for all contacts of a bucket. */
export interface BucketDialFacts {
  now: Date;
  /** Null: a call from the API, under the tenant's policies alone. */
  campaign: CampaignRules | null;
  /**
   * Where the person may be. Country null: unknown, and then only `none` covers it. Regions, as ISO 3166-2 codes with or without the country: the rules of
   * each hold; none means that nobody knows, and then the rules of all. Zones: a call must be right in each; none means never, where a rule has hours.
   * Consent: the contact's own, and anything but one of `CONSENTS` is consent to nothing; null means what the campaign attests.
   */
  bucket: BucketFacts;
  /** Apply to each call besides the campaign's own. They add rules, but a campaign must cover a country by itself. */
  tenantPolicies: readonly string[];
}

/** What the entries that hold now say of the person together. */
export interface Blacklisted {
  /** Of the widest one. */
  scope: BlacklistScope;
  /** When the last of them ends; null: one of them is for good. */
  until: Date | null;
}

/** Everything that `mayDial` looks at. Nothing has a default: what nobody knows must not count as harmless. */
export interface DialFacts extends BucketDialFacts {
  /** Null: looked up, and there is no entry that holds now. */
  blacklisted: Blacklisted | null;
  /** In any order, as far back as the longest cap looks (`longestCapMs`), without the call that is asked about. */
  history: readonly PastCall[];
  /** Another call to the person is open. */
  inCall: boolean;
  counts: DayCounts;
  /** Null: the campaign has none. */
  budget: BudgetFacts | null;
}
