import type { ForecastLimit } from '@carillon/contracts';
import type { ForecastHour } from './forecast-types.js';

const HOUR_MS = 3_600_000;
export const TIMELINE_MS = 14 * 24 * HOUR_MS;

export interface TimelineStep {
  atMs: number;
  untilMs: number;
  calls: number;
  /** Contacts that are not done at its end. */
  left: number;
  limitedBy: ForecastLimit | null;
}

interface Hour {
  /** Calls since the campaign's start: hours rounded from their sums add up. */
  callsSoFar: number;
  left: number;
  limitedMs: Map<ForecastLimit | null, number>;
}

/** Gathers the steps of a forecast by hours of UTC, which no step crosses. */
export class ForecastTimeline {
  private readonly byHour = new Map<number, Hour>();
  private callsSoFar = 0;

  constructor(private readonly startMs: number) {}

  add({ atMs, untilMs, calls, left, limitedBy }: TimelineStep): void {
    this.callsSoFar += calls;
    const hourMs = Math.floor(atMs / HOUR_MS) * HOUR_MS;
    if (hourMs >= this.startMs + TIMELINE_MS) return;
    const limitedMs = this.byHour.get(hourMs)?.limitedMs ?? new Map<ForecastLimit | null, number>();
    limitedMs.set(limitedBy, (limitedMs.get(limitedBy) ?? 0) + untilMs - atMs);
    this.byHour.set(hourMs, { callsSoFar: this.callsSoFar, left, limitedMs });
  }

  hours(): ForecastHour[] {
    let before = 0;
    return [...this.byHour].map(([hourMs, { callsSoFar, left, limitedMs }]) => {
      const calls = Math.round(callsSoFar) - before;
      before += calls;
      return { hour: new Date(hourMs).toISOString(), calls, waiting: Math.round(left), limitedBy: longest(limitedMs) };
    });
  }
}

function longest(limitedMs: ReadonlyMap<ForecastLimit | null, number>): ForecastLimit | null {
  const [limit] = [...limitedMs].reduce<[ForecastLimit | null, number]>((most, each) => (each[1] > most[1] ? each : most), [null, 0]);
  return limit;
}
