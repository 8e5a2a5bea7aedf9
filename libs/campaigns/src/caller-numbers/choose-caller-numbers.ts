/** One of our numbers that a call may show. */
export interface CallerNumber {
  phoneE164: string;
  country: string | null;
  /** Within the country, such as a state; written as the contacts' regions are. */
  region: string | null;
  /** Null: as many at once as the carrier takes. */
  maxConcurrent: number | null;
  dailyCap: number | null;
  enabled: boolean;
  restingUntil: Date | null;
}

export interface CallerNumberUsage {
  /** Calls charged to the number's day. */
  today: number;
  /** Calls that are reserved or open. */
  open: number;
}

/** A call that needs a number to show. */
export interface NumberlessCall {
  callId: string;
  country: string | null;
  /** More than one where the contact's number does not tell. */
  regions: readonly string[];
  /** The numbers that were shown to this contact before, one entry a call. */
  shownBefore: readonly string[];
}

/** Why no number is left, the cause that passes soonest first. */
export const CALLER_NUMBER_SHORTAGES = {
  concurrency: 'each caller number has as many calls as it may have at once',
  resting: 'each caller number that has room is resting',
  daily_cap: 'each caller number has had its calls of the day',
  disabled: 'each caller number is switched off',
  none: 'the campaign has no caller number',
} as const;
export type CallerNumberShortage = keyof typeof CALLER_NUMBER_SHORTAGES;

export type CallerNumberChoice =
  | { callId: string; phoneE164: string }
  | {
      callId: string;
      phoneE164: null;
      reason: CallerNumberShortage;
      /** When the first of them has rested; null where that would not help. */ until: Date | null;
    };

/** A number without a daily cap takes its turn as if it might make so many calls; far more from one number in a day is what gets it marked as spam. */
const UNCAPPED_CALLS_PER_DAY = 500;

/**
 * Gives each call of a batch, in its order, one of our numbers: one that is enabled, rested, and below its caps, those of this batch counted in. Among them
 * the contact's own country comes first; then, on a retry, a number that they have not seen yet; then their region (a local number is picked up more often); then the one least used
 * today for what it may do in a day. What is left equal goes by the number itself, so that the same question always has the same answer.
 */
export function chooseCallerNumbers(
  calls: readonly NumberlessCall[],
  numbers: readonly CallerNumber[],
  usage: ReadonlyMap<string, CallerNumberUsage>,
  now: Date,
): CallerNumberChoice[] {
  const pool = [...numbers]
    .sort((a, b) => (a.phoneE164 < b.phoneE164 ? -1 : 1))
    .map((number) => ({ number, ...(usage.get(number.phoneE164) ?? { today: 0, open: 0 }) }));
  return calls.map((call) => {
    const chosen = bestOf(pool, call, now);
    if (chosen === null) return { callId: call.callId, phoneE164: null, ...shortageOf(pool, now) };
    chosen.today++;
    chosen.open++;
    return { callId: call.callId, phoneE164: chosen.number.phoneE164 };
  });
}

interface InUse extends CallerNumberUsage {
  number: CallerNumber;
}

function bestOf(pool: readonly InUse[], call: NumberlessCall, now: Date): InUse | null {
  let best: InUse | null = null;
  let bestRank: Rank | null = null;
  for (const candidate of pool) {
    if (obstacleOf(candidate, now) !== null) continue;
    const rank = rankFor(candidate, call);
    if (bestRank === null || isBefore(rank, bestRank)) [best, bestRank] = [candidate, rank];
  }
  return best;
}

/** Smaller is better, the first difference decides. */
type Rank = readonly [abroad: number, timesShown: number, otherRegion: number, usedShare: number];

function rankFor({ number, today }: InUse, { country, regions, shownBefore }: NumberlessCall): Rank {
  const atHome = country !== null && number.country === country;
  const local = atHome && number.region !== null && regions.includes(number.region);
  const timesShown = shownBefore.filter((shown) => shown === number.phoneE164).length;
  return [atHome ? 0 : 1, timesShown, local ? 0 : 1, today / (number.dailyCap ?? UNCAPPED_CALLS_PER_DAY)];
}

function isBefore(a: Rank, b: Rank): boolean {
  for (const [i, value] of a.entries()) {
    const other = b[i] ?? 0;
    if (value !== other) return value < other;
  }
  return false;
}

function obstacleOf({ number, today, open }: InUse, now: Date): CallerNumberShortage | null {
  if (!number.enabled) return 'disabled';
  if (number.dailyCap !== null && today >= number.dailyCap) return 'daily_cap';
  if (number.restingUntil && number.restingUntil > now) return 'resting';
  return number.maxConcurrent !== null && open >= number.maxConcurrent ? 'concurrency' : null;
}

function shortageOf(pool: readonly InUse[], now: Date): { reason: CallerNumberShortage; until: Date | null } {
  const obstacles = pool.map((each) => obstacleOf(each, now));
  const reason = (['concurrency', 'resting', 'daily_cap', 'disabled'] as const).find((each) => obstacles.includes(each)) ?? 'none';
  if (reason !== 'resting') return { reason, until: null };
  const rested = pool.filter((_, i) => obstacles[i] === 'resting').map(({ number }) => number.restingUntil?.getTime() ?? Infinity);
  return { reason, until: new Date(Math.min(...rested)) };
}
