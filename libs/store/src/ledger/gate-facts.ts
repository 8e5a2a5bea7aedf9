import { endOfDay, placeOf, type DialFacts } from '@carillon/campaigns';
import { placeInRegion, readRegion } from '../contacts/region-cell.js';
import type { AccountCaps, StoredFacts } from './gather-facts.sql.js';
import type { LedgerCall } from './ledger-call.js';

/** What the ledger knows, as the gate asks for it. A call from the API is judged by the tenant's policies and those that it named. */
export function gateFactsOf(facts: StoredFacts, call: GatedCall, account: AccountCaps, now: Date): DialFacts {
  const { tenant, campaign, today, history, blacklisted } = facts;
  return {
    now,
    campaign: campaign && {
      ...{ campaignId: call.campaignId ?? '', status: campaign.status, policies: campaign.policies },
      ...{ windows: campaign.settings.windows, holidays: campaign.settings.holidays },
      ...{
        startsAt: campaign.startsAt,
        endsAt: campaign.endsAt,
        consent: campaign.settings.consent,
        purpose: campaign.settings.purpose,
        perPerson: campaign.settings.per_person,
      },
    },
    bucket: facts.bucket ?? bucketOfApiCall(call),
    tenantPolicies: campaign ? tenant.policies : policiesOfApiCall(tenant.policies, call.policies ?? []),
    ...{ blacklisted, history, inCall: facts.openCallId !== null },
    counts: {
      endsAt: endOfDay(tenant.time_zone, now),
      accountEndsAt: endOfDay('UTC', now),
      campaign: without(call, { used: today.campaign, limit: campaign?.settings.daily_cap ?? null }),
      tenant: without(call, { used: today.tenant, limit: tenant.daily_cap }),
      number: without(call, { used: today.number, limit: today.numberCap }),
      account: without(call, { used: today.account, limit: account.dailyCap }),
    },
    budget: budgetOf(campaign, call.maxCallMs),
  };
}

/** What a call from the API is judged by, written down when it is asked for. */
export interface AskedRules {
  policies: readonly string[];
  consent: string | null;
  /** ISO 3166-2 code of where the person is, with or without the country. */
  region?: string | null;
}

/** A call of the ledger, as the gate is asked about it. */
export function gatedCallOf({ phoneE164, campaignId, maxCallMs, chargedOn, decision }: LedgerCall, { today }: StoredFacts): GatedCall {
  const asked = (decision as { asked?: AskedRules } | null)?.asked;
  const charged = dateOf(chargedOn) === today.day;
  return { phoneE164, campaignId, maxCallMs, charged, ...asked };
}

/** Charged to the days on which it would be dialed now: one that was charged before midnight would count where nobody looks any more. */
export function isChargedToday({ chargedOn, accountChargedOn }: LedgerCall, { today }: StoredFacts): boolean {
  return dateOf(chargedOn) === today.day && dateOf(accountChargedOn) === today.accountDay;
}

const dateOf = (day: Date | null) => day?.toISOString().slice(0, 10);

/** A call from the API names its policies, beside the tenant's; where neither names any, nothing but the blacklist and the caps hold. */
function policiesOfApiCall(ofTenant: readonly string[], asked: readonly string[]): readonly string[] {
  const all = [...ofTenant, ...asked];
  return all.length > 0 ? all : ['none'];
}

/** By the number, and by what the caller says of the person. */
function bucketOfApiCall({ phoneE164, region, consent = null }: GatedCall): DialFacts['bucket'] {
  const place = placeOf(phoneE164);
  const named = region ? readRegion(region, place.country) : null;
  return { ...place, ...(named && placeInRegion(place, named)), consent };
}

export interface GatedCall {
  phoneE164: string;
  campaignId: string | null;
  maxCallMs: number;
  /** It is in the counters of today already. */
  charged: boolean;
  /** Of a call from the API. */
  policies?: readonly string[];
  consent?: string | null;
  region?: string | null;
}

function without({ charged }: GatedCall, { used, limit }: { used: number; limit: number | null }) {
  return { used: charged ? used - 1 : used, limit };
}

/** A call may cost as much as it can: then no budget is ever overdrawn. What the other open calls may cost was held back when they were claimed. */
export function dearestCallMicros(budget: { cost_per_call: number; cost_per_minute: number }, maxCallMs: number): number {
  return Math.ceil((budget.cost_per_call + budget.cost_per_minute * Math.ceil(maxCallMs / 60_000)) * 1e6);
}

function budgetOf(campaign: StoredFacts['campaign'], maxCallMs: number): DialFacts['budget'] {
  const budget = campaign?.settings.budget;
  if (!campaign || !budget) return null;
  return { limitMicros: budget.amount * 1e6, spentMicros: campaign.spentMicros, openMicros: dearestCallMicros(budget, maxCallMs) };
}
