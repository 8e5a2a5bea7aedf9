import type { ForecastInput } from './forecast-types.js';

const DAY_MS = 24 * 3_600_000;

interface NumberRoom {
  restsUntilMs: number;
  slots: number;
  perDay: number;
  leftToday: number;
}

/** What the caller numbers of a campaign let through: each rests, has so many calls at once and so many a day. Without numbers to go by, everything. */
export class NumberBook {
  private readonly numbers: NumberRoom[] | null;
  private resetsMs: number;

  constructor(
    pool: ForecastInput['callerNumbers'],
    private readonly holdMs: number,
  ) {
    this.resetsMs = pool?.resetsAt.getTime() ?? Infinity;
    this.numbers =
      pool?.numbers.map(({ restsUntil, maxConcurrent, perDay, remainingToday }) => ({
        restsUntilMs: restsUntil?.getTime() ?? -Infinity,
        slots: maxConcurrent ?? Infinity,
        perDay: perDay ?? Infinity,
        leftToday: remainingToday ?? Infinity,
      })) ?? null;
  }

  /** Calls that fit into a span, and those that would if no number had a cap of the day. */
  roomFor(atMs: number, untilMs: number): { calls: number; inTimeAlone: number } {
    this.beginDay(atMs);
    if (this.numbers === null) return { calls: Infinity, inTimeAlone: Infinity };
    const awake = this.numbers.filter(({ restsUntilMs }) => restsUntilMs <= atMs);
    return {
      calls: sum(awake.map((number) => this.roomOf(number, untilMs - atMs))),
      inTimeAlone: sum(awake.map(({ slots }) => (slots * (untilMs - atMs)) / this.holdMs)),
    };
  }

  /** Takes calls from the numbers by the room that each has; those without a limit take them all. */
  charge(calls: number, atMs: number, untilMs: number): void {
    const { calls: room } = this.roomFor(atMs, untilMs);
    if (room === 0 || room === Infinity) return;
    for (const number of this.numbers ?? []) {
      if (number.restsUntilMs <= atMs) number.leftToday -= (calls * this.roomOf(number, untilMs - atMs)) / room;
    }
  }

  /** When one has rested, or their day begins anew. */
  nextChangeMs(atMs: number): number {
    this.beginDay(atMs);
    const waking = (this.numbers ?? []).flatMap(({ restsUntilMs }) => (restsUntilMs > atMs ? [restsUntilMs] : []));
    return Math.min(this.resetsMs, ...waking);
  }

  /** No waiting will give a number. */
  get isEmpty(): boolean {
    return this.numbers?.every(({ slots, perDay, leftToday }) => slots <= 0 || (perDay <= 0 && leftToday <= 0)) ?? false;
  }

  private roomOf({ slots, leftToday }: NumberRoom, spanMs: number): number {
    return Math.max(0, Math.min(leftToday, (slots * spanMs) / this.holdMs));
  }

  private beginDay(atMs: number): void {
    for (; this.resetsMs <= atMs; this.resetsMs += DAY_MS) for (const number of this.numbers ?? []) number.leftToday = number.perDay;
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
