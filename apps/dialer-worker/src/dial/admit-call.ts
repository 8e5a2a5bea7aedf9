import type { Admission, AdmissionAnswer } from '@carillon/coordination';
import type { LedgerCall, StoredFacts } from '@carillon/store';
import { callExpiryMs, deadlines } from '../deadlines.js';
import { admissionScopes, type AccountLimits } from './admission-scopes.js';

/** Calls that may be open per slot while phones ring: how many of them pacing really wants is the schedule's business. */
const OVERDIAL = { progressive: 1, overlap: 3 } as const;

/** Asks for a slot, for leases in every scope, and for an instant at which the rates let the call start. A second run for the same call changes nothing. */
export type AdmitCall = (call: LedgerCall, facts: StoredFacts) => Promise<AdmissionAnswer>;

export function createAdmitCall({ admission, account }: { admission: Pick<Admission, 'admit'>; account: AccountLimits }): AdmitCall {
  return (call, { tenant, campaign, today }) =>
    admission.admit({
      callId: call.callId,
      leaseMs: callExpiryMs(call),
      maxWaitMs: deadlines.rateWaitMs,
      overdial: OVERDIAL[campaign?.settings.pacing.mode ?? 'progressive'],
      scopes: admissionScopes(call, {
        account,
        tenant,
        campaign: campaign && { maxConcurrent: campaign.maxConcurrent, callsPerSecond: campaign.settings.calls_per_second },
        number: { maxConcurrent: today.numberConcurrency },
      }),
    });
}
