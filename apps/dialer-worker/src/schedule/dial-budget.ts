import { ACCOUNT_COUNTER, counterName, type OpenCalls, type RunningCampaign } from '@carillon/store';
import type { TenantSettings } from '@carillon/contracts';
import type { AccountLimits } from '../dial/admission-scopes.js';

/** More seconds of dialing than this never lie in the queue: limits that change, a pause and a lost Redis reach everything that lies there. */
const QUEUED_SECONDS = 2;

export interface DialBudgetOptions {
  account: AccountLimits;
  open: readonly OpenCalls[];
  /** Calls charged today, by `counterName`. */
  counters: ReadonlyMap<string, number>;
  /** What the queue still takes. */
  paced: number;
}

interface Taker {
  campaign: RunningCampaign;
  tenant: TenantSettings;
}

/** How many calls the rates, daily caps and money leave to a campaign in one tick, what others took in the same tick included. */
export interface DialBudget {
  roomFor(taker: Taker): number;
  take(taker: Taker, calls: number): void;
}

export function dialBudget({ account, open, counters, paced }: DialBudgetOptions): DialBudget {
  const taken = new Map<string, number>();
  const of = (name: string) => taken.get(name) ?? 0;
  const reserved = (mine: (calls: OpenCalls) => boolean) => open.filter(mine).reduce((sum, calls) => sum + calls.reserved, 0);
  const queue = (callsPerSecond: number | null, lying: number) =>
    callsPerSecond === null ? Infinity : Math.max(1, Math.ceil(callsPerSecond * QUEUED_SECONDS)) - lying;
  const used = (tenantId: string, scope: 'tenant' | 'campaign', key: string) => counters.get(counterName({ tenantId, scope, key })) ?? 0;
  const cap = (limit: number | null, usedToday: number) => (limit === null ? Infinity : limit - usedToday);

  return {
    roomFor({ campaign, tenant }) {
      const { tenantId, campaignId, settings } = campaign;
      const [all, ours, own] = [of('account'), of(tenantId), of(campaignId)];
      return Math.max(
        0,
        Math.floor(
          Math.min(
            paced - all,
            queue(account.callsPerSecond, reserved(() => true) + all),
            queue(tenant.calls_per_second, reserved((calls) => calls.tenantId === tenantId) + ours),
            queue(settings.calls_per_second, reserved((calls) => calls.campaignId === campaignId) + own),
            cap(account.dailyCap, (counters.get(counterName(ACCOUNT_COUNTER)) ?? 0) + all),
            cap(tenant.daily_cap, used(tenantId, 'tenant', '*') + ours),
            cap(settings.daily_cap, used(tenantId, 'campaign', campaignId) + own),
            affordable(
              campaign,
              open.find((calls) => calls.campaignId === campaignId),
            ) - own,
          ),
        ),
      );
    },
    take({ campaign: { tenantId, campaignId } }, calls) {
      for (const name of ['account', tenantId, campaignId]) taken.set(name, of(name) + calls);
    },
  };
}

/** Calls that what is left of the budget pays for, if each that is open, and each new one, costs as much as it can. */
function affordable({ settings: { budget }, spentMicros, maxCallMs }: RunningCampaign, open: OpenCalls | undefined): number {
  if (!budget) return Infinity;
  const dearestMicros = (budget.cost_per_call + budget.cost_per_minute * Math.ceil(maxCallMs / 60_000)) * 1e6;
  const openCalls = open ? open.reserved + open.talking + open.ringing + open.closing : 0;
  return Math.floor((budget.amount * 1e6 - Number(spentMicros)) / dearestMicros) - openCalls;
}
