import {
  CALLER_NUMBER_SHORTAGES,
  chooseCallerNumbers,
  endOfDay,
  nextFreeNumberAt,
  type CallerNumber,
  type CallerNumberUsage,
  type Reason,
} from '@carillon/campaigns';
import { countCallsByNumber, listNumbersShownTo } from '../ledger/caller-numbers.sql.js';
import { counterName } from '../ledger/day-counters.sql.js';
import type { Db } from '../transaction.js';

export interface NumberQuestion {
  tenantId: string;
  callId: string;
  phoneE164: string;
  /** Where the person is, as the gate takes it. */
  place: { country: string | null; regions: readonly string[] };
  /** All that the tenant has registered; none: those of the configuration are shown, without limits. */
  numbers: readonly CallerNumber[];
  /** The counters of the numbers, as they are locked. */
  counters: ReadonlyMap<string, number>;
  timeZone: string;
  now: Date;
}

/** A number for a call from the API, by the rules of campaigns; or why there is none, and until when. */
export type NumberChoice = { callerNumber: string | null; shortage: null } | { callerNumber: null; shortage: Reason };

export async function chooseApiNumber(db: Db, question: NumberQuestion): Promise<NumberChoice> {
  const { tenantId, callId, phoneE164, place, numbers, timeZone, now } = question;
  if (numbers.length === 0) return { callerNumber: null, shortage: null };
  const usage = await usageOf(db, question);
  const { country, regions } = place;
  const shownBefore = await listNumbersShownTo(db, { tenantId, phoneE164 });
  const [choice] = chooseCallerNumbers([{ callId, country, regions, shownBefore }], numbers, usage, now);
  if (choice && choice.phoneE164 !== null) return { callerNumber: choice.phoneE164, shortage: null };
  const message = CALLER_NUMBER_SHORTAGES[choice?.reason ?? 'none'];
  const until = nextFreeNumberAt(numbers, usage, { now, dayEndsAt: endOfDay(timeZone, now) });
  return { callerNumber: null, shortage: { code: 'number_cap', rule: null, message, until } };
}

async function usageOf(db: Db, { tenantId, numbers, counters }: NumberQuestion): Promise<Map<string, CallerNumberUsage>> {
  const open = new Map((await countCallsByNumber(db, [tenantId])).map((each) => [each.phoneE164, each.open]));
  return new Map(
    numbers.map(({ phoneE164 }) => {
      const today = counters.get(counterName({ tenantId, scope: 'number', key: phoneE164 })) ?? 0;
      return [phoneE164, { today, open: open.get(phoneE164) ?? 0 }];
    }),
  );
}
