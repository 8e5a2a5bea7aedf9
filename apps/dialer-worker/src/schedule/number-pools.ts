import { chooseCallerNumbers, type CallerNumber, type CallerNumberUsage } from '@carillon/campaigns';
import { countCallsByNumber, counterName, listShownNumbers, type ClaimedCall, type Db, type RunningCampaign } from '@carillon/store';
import type { OpenBucket } from './open-buckets.js';

/** The numbers that campaigns may call from in one tick. */
export interface NumberPools {
  /** Calls that the campaign's numbers can still carry. */
  roomFor(campaign: RunningCampaign): number;
  /** One of the numbers for each call, counted from then on; calls for which none is left are missing. */
  choose(
    transaction: Db,
    campaign: RunningCampaign,
    calls: readonly ClaimedCall[],
    buckets: readonly OpenBucket[],
  ): Promise<Map<string, string>>;
}

/** Our numbers, by tenant. */
export type RegisteredNumbers = ReadonlyMap<string, readonly CallerNumber[]>;

/** What is registered, and how much each number was used: `counters` as they are locked. A tenant without numbers of its own calls from those of the configuration, without limits. */
export async function openNumberPools(
  transaction: Db,
  {
    registered,
    counters,
    sourceNumbers,
    now,
  }: { registered: RegisteredNumbers; counters: ReadonlyMap<string, number>; sourceNumbers: readonly string[]; now: Date },
): Promise<NumberPools> {
  const usage = await usageOf(transaction, registered, counters);
  const poolOf = ({ tenantId, settings }: RunningCampaign): readonly CallerNumber[] => {
    const own = registered.get(tenantId) ?? [];
    const all = own.length > 0 ? own : sourceNumbers.map(unlimited);
    return settings.caller_numbers === null ? all : all.filter(({ phoneE164 }) => settings.caller_numbers?.includes(phoneE164));
  };
  const usageIn = (tenantId: string) => {
    const known = usage.get(tenantId) ?? new Map<string, CallerNumberUsage>();
    usage.set(tenantId, known);
    return known;
  };
  return {
    roomFor(campaign) {
      const used = usageIn(campaign.tenantId);
      return poolOf(campaign).reduce((room, number) => room + roomOf(number, used.get(number.phoneE164), now), 0);
    },
    async choose(db, campaign, calls, buckets) {
      const shown = await listShownNumbers(
        db,
        calls.map(({ contactId }) => contactId),
      );
      const used = usageIn(campaign.tenantId);
      const numberless = calls.map(({ callId, contactId, bucketId }) => {
        const { country, regions } = buckets.find(({ id }) => id === bucketId) ?? { country: null, regions: [] };
        return { callId, country, regions, shownBefore: shown.get(contactId) ?? [] };
      });
      const choices = chooseCallerNumbers(numberless, poolOf(campaign), used, now).filter((choice) => choice.phoneE164 !== null);
      for (const { phoneE164 } of choices) {
        const { today, open } = used.get(phoneE164) ?? { today: 0, open: 0 };
        used.set(phoneE164, { today: today + 1, open: open + 1 });
      }
      return new Map(choices.map(({ callId, phoneE164 }) => [callId, phoneE164]));
    },
  };
}

function unlimited(phoneE164: string): CallerNumber {
  return { phoneE164, country: null, region: null, maxConcurrent: null, dailyCap: null, enabled: true, restingUntil: null };
}

function roomOf({ enabled, restingUntil, dailyCap, maxConcurrent }: CallerNumber, used: CallerNumberUsage | undefined, now: Date): number {
  if (!enabled || (restingUntil && restingUntil > now)) return 0;
  const today = dailyCap === null ? Infinity : dailyCap - (used?.today ?? 0);
  const atOnce = maxConcurrent === null ? Infinity : maxConcurrent - (used?.open ?? 0);
  return Math.max(0, Math.min(today, atOnce));
}

async function usageOf(
  transaction: Db,
  registered: RegisteredNumbers,
  counters: ReadonlyMap<string, number>,
): Promise<Map<string, Map<string, CallerNumberUsage>>> {
  const open = await countCallsByNumber(transaction, [...registered.keys()]);
  const openOf = (tenantId: string, phoneE164: string) =>
    open.find((each) => each.tenantId === tenantId && each.phoneE164 === phoneE164)?.open ?? 0;
  return new Map(
    [...registered].map(([tenantId, numbers]) => {
      const usageOfNumber = ({ phoneE164 }: CallerNumber): [string, CallerNumberUsage] => {
        const today = counters.get(counterName({ tenantId, scope: 'number', key: phoneE164 })) ?? 0;
        return [phoneE164, { today, open: openOf(tenantId, phoneE164) }];
      };
      return [tenantId, new Map(numbers.map(usageOfNumber))];
    }),
  );
}
