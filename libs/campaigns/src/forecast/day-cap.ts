import type { ForecastDailyCap } from './forecast-types.js';

const DAY_MS = 24 * 3_600_000;
const HALF_A_CALL = 0.5;

/** A cap of a day, and what is left of it. */
export class DayCap {
  private readonly perDay: number;
  private left: number;
  private resetsMs: number;

  constructor({ remainingToday, perDay, resetsAt }: ForecastDailyCap) {
    this.perDay = Math.max(0, perDay);
    this.left = Math.max(0, remainingToday);
    this.resetsMs = resetsAt.getTime();
  }

  leftAt(atMs: number): number {
    this.beginDay(atMs);
    return this.left;
  }

  charge(calls: number, atMs: number): void {
    this.beginDay(atMs);
    this.left -= calls;
  }

  nextDayMs(atMs: number): number {
    this.beginDay(atMs);
    return this.resetsMs;
  }

  /** Nothing is left, and no day will give more. */
  get isShutForGood(): boolean {
    return this.perDay <= 0 && this.left < HALF_A_CALL;
  }

  private beginDay(atMs: number): void {
    for (; this.resetsMs <= atMs; this.resetsMs += DAY_MS) this.left = this.perDay;
  }
}
