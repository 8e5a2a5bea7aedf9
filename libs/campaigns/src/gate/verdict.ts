import type { Disclosure } from '@carillon/contracts';

/** Why a call may not be made now. */
export const REASON_CODES = [
  'window_closed',
  'holiday',
  'zone_unknown',
  'blacklisted',
  'already_in_call',
  'person_cap',
  'cooldown',
  'campaign_cap',
  'tenant_cap',
  'number_cap',
  'account_cap',
  'consent_missing',
  'no_policy',
  'region_blocked',
  'campaign_not_running',
  'not_started',
  'ended',
  'budget',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export interface Reason {
  code: ReasonCode;
  /** Id of the policy's rule that says so, such as `us-federal/hours`; null: a rule of the campaign, the tenant or the engine. */
  rule: string | null;
  /** In plain words, without the person's data. */
  message: string;
  /** When this reason ends, as far as one can tell; null when it does not end by itself, or nobody knows when. */
  until: Date | null;
}

export interface Verdict {
  allowed: boolean;
  /** All of them, none when allowed. */
  reasons: Reason[];
  /** The first instant at which nothing would stand against it any more, if nothing else happens. Null when allowed, or when some reason does not end by itself. */
  nextAt: Date | null;
  /**
   * A yes holds until then, an hour at most: hours that close, a holiday that begins, the end of the campaign; not what others may do meanwhile, such as an entry on
   * the blacklist. Of a no: the instant of the question.
   */
  until: Date;
  /** What the agent must say in the call. */
  disclosures: Disclosure[];
  /** The policies that apply: evidence of what was checked. */
  policies: { name: string; version: string }[];
}
