/** The last observations that count, as the sum of their fading weights. At 100 slots these are one or two minutes of dialing: a drift is seen while it happens. */
export const RECENT_COUNT = 500;
/** The same by time, for a campaign that dials little: what was learned half an hour ago counts a third, after a night's pause nothing. */
const RECENT_MS = 30 * 60_000;

/** Below this much evidence nothing is believed. */
export const ENOUGH = 30;

/** The weight that older evidence keeps when something new is seen. */
export function keptWeight(lastAt: number, at: number): number {
  return Math.exp(-Math.max(0, at - lastAt) / RECENT_MS) * (1 - 1 / RECENT_COUNT);
}

export function fade(counts: number[], kept: number): void {
  for (let bin = 0; bin < counts.length; bin++) counts[bin] = (counts[bin] ?? 0) * kept;
}

/** `sums[i]`: all that `counts` holds from i on; one longer than `counts`, so that the end is 0. */
export function sumsFrom(counts: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(counts.length + 1);
  for (let bin = counts.length - 1; bin >= 0; bin--) sums[bin] = (sums[bin + 1] ?? 0) + (counts[bin] ?? 0);
  return sums;
}
