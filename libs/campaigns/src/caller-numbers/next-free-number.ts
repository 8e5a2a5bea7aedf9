import type { CallerNumber, CallerNumberUsage } from './choose-caller-numbers.js';

/** When a number that has all the calls it may have at once is looked at again: most calls that nobody takes are over by then. */
const LOOK_AGAIN_MS = 30_000;

/**
 * The first instant at which one of our numbers will have room for a call, as far as one can tell: when it has rested, its day is over, or one of its calls may have ended. Null: none
 * will by itself, for there is none that is switched on and may be shown at all.
 */
export function nextFreeNumberAt(
  numbers: readonly CallerNumber[],
  usage: ReadonlyMap<string, CallerNumberUsage>,
  { now, dayEndsAt }: { now: Date; dayEndsAt: Date },
): Date | null {
  const instants = numbers.filter(({ enabled, dailyCap }) => enabled && dailyCap !== 0).map((number) => freeAt(number));
  return instants.length === 0 ? null : new Date(Math.min(...instants));

  function freeAt({ phoneE164, dailyCap, maxConcurrent, restingUntil }: CallerNumber): number {
    const { today, open } = usage.get(phoneE164) ?? { today: 0, open: 0 };
    const rested = restingUntil?.getTime() ?? 0;
    const nextDay = dailyCap !== null && today >= dailyCap ? dayEndsAt.getTime() : 0;
    const hasRoom = maxConcurrent !== null && open >= maxConcurrent ? now.getTime() + LOOK_AGAIN_MS : 0;
    return Math.max(now.getTime(), rested, nextDay, hasRoom);
  }
}
