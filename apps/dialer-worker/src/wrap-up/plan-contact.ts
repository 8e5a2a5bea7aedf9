import { nextCallingTime, planRetry, retrySettingsOf } from '@carillon/campaigns';
import type { Disposition } from '@carillon/contracts';
import {
  gatedCallOf,
  gateFactsOf,
  gatherFacts,
  listAttempts,
  type ContactFate,
  type LedgerCall,
  type Store,
  type StoredFacts,
} from '@carillon/store';

/** What a call that has ended costs, and what becomes of its contact. */
export type PlanContact = (call: LedgerCall, disposition: Disposition, now: Date) => Promise<{ contact: ContactFate; costMicros: number }>;

/** Nobody is asked again whether they want to be called. */
const NO_MORE: readonly Disposition[] = ['opted_out', 'blacklisted'];

export function createPlanContact({ store, random }: { store: Store; random: () => number }): PlanContact {
  return async (call, disposition, now) => {
    if (call.contactId === null || call.campaignId === null) return { contact: { state: 'final' }, costMicros: 0 };
    const { tenantId, callId, phoneE164, campaignId, contactId, callerNumber } = call;
    const facts = await gatherFacts(store, { tenantId, callId, phoneE164, campaignId, contactId, callerNumber, now });
    return { contact: await fateOf({ store, random }, { ...call, contactId }, disposition, facts, now), costMicros: costOf(call, facts) };
  };
}

async function fateOf(
  { store, random }: { store: Store; random: () => number },
  call: LedgerCall & { contactId: bigint },
  disposition: Disposition,
  facts: StoredFacts,
  now: Date,
): Promise<ContactFate> {
  if (!facts.campaign) return { state: 'final' };
  const gate = gateFactsOf(facts, gatedCallOf(call, facts), { dailyCap: null }, now);
  const attempts = await listAttempts(store, call.contactId);
  const plan = planRetry({
    // The one that ends now has no disposition in the ledger yet; earlier ones without were given up.
    attempts: attempts.map((attempt, i) => ({
      ...attempt,
      disposition: i === attempts.length - 1 ? disposition : (attempt.disposition ?? ('no_evidence' as const)),
    })),
    settings: retrySettingsOf(facts.campaign.settings),
    optedOut: isBarredForGood(facts) || NO_MORE.includes(disposition),
    callbackAt: call.callbackAt,
    timeZones: facts.bucket?.timeZones ?? [],
    now,
    endsAt: facts.campaign.endsAt,
    nextAllowed: (at) => nextCallingTime(gate, latest(at, facts.blacklisted?.until)),
    random,
  });
  if (plan.kind === 'final') return { state: 'final' };
  return { state: 'waiting', class: plan.kind === 'callback' ? 0 : 1, nextAt: plan.nextAt };
}

function isBarredForGood({ blacklisted }: StoredFacts): boolean {
  return blacklisted !== null && blacklisted.until === null;
}

function latest(at: Date, other: Date | null | undefined): Date {
  return other && other > at ? other : at;
}

/** By the prices that the campaign's budget names; every minute that was begun counts. */
function costOf({ answeredAt, endedAt }: LedgerCall, { campaign }: StoredFacts): number {
  const budget = campaign?.settings.budget;
  if (!budget) return 0;
  const talkedMs = answeredAt && endedAt ? Math.max(0, endedAt.getTime() - answeredAt.getTime()) : 0;
  return Math.round((budget.cost_per_call + budget.cost_per_minute * Math.ceil(talkedMs / 60_000)) * 1e6);
}
