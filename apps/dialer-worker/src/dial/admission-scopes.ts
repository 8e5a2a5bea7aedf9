import { placeOf } from '@carillon/campaigns';
import type { TenantSettings } from '@carillon/contracts';
import { scopeKeys, type AdmissionScope } from '@carillon/coordination';

/** What the account with the carrier takes, over all tenants. Null: not limited by us. */
export interface AccountLimits {
  maxConcurrent: number | null;
  callsPerSecond: number | null;
  dailyCap: number | null;
}

/** Within what a call is counted, however many of these have a limit. */
export interface ScopedCall {
  tenantId: string;
  campaignId: string | null;
  phoneE164: string;
  callerNumber: string | null;
}

/** The limits in force for one call, as they are now. */
export interface CallLimits {
  account: AccountLimits;
  tenant: TenantSettings;
  campaign: { maxConcurrent: number; callsPerSecond: number | null } | null;
  number: { maxConcurrent: number | null } | null;
}

export const ACCOUNT_SCOPE = scopeKeys.account('acs');
/** A tenant's limit for a country is its own: others may call there as they like. */
const countryScope = (tenantId: string, phoneE164: string) => scopeKeys.country(`${tenantId}:${placeOf(phoneE164).country ?? '-'}`);

/** The keys alone, in the order of {@link admissionScopes}: for leases that are written again. */
export function scopesOfCall({ tenantId, campaignId, phoneE164, callerNumber }: ScopedCall): string[] {
  return [
    ACCOUNT_SCOPE,
    scopeKeys.tenant(tenantId),
    ...(campaignId === null ? [] : [scopeKeys.campaign(tenantId, campaignId)]),
    ...(callerNumber === null ? [] : [scopeKeys.callerNumber(tenantId, callerNumber)]),
    countryScope(tenantId, phoneE164),
  ];
}

/** Where a call is limited. A scope without a limit is kept too: its leases are there when a limit is set while calls are open. */
export function admissionScopes(call: ScopedCall, { account, tenant, campaign, number }: CallLimits): AdmissionScope[] {
  const country = tenant.countries[placeOf(call.phoneE164).country ?? ''];
  const limits = [
    limit(account.maxConcurrent, account.callsPerSecond),
    limit(tenant.max_concurrent, tenant.calls_per_second),
    ...(call.campaignId === null ? [] : [limit(campaign?.maxConcurrent ?? null, campaign?.callsPerSecond ?? null)]),
    ...(call.callerNumber === null ? [] : [limit(number?.maxConcurrent ?? null, null)]),
    limit(country?.max_concurrent ?? null, country?.calls_per_second ?? null),
  ];
  return scopesOfCall(call).map((key, i) => ({ key, ...(limits[i] ?? limit(null, null)) }));
}

function limit(maxConcurrent: number | null, callsPerSecond: number | null) {
  return { maxConcurrent, intervalMs: callsPerSecond === null ? null : 1_000 / callsPerSecond };
}
