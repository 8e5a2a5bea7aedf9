import type { ForecastLimit, UnfinishedReason } from '@carillon/contracts';
import { DayCap } from './day-cap.js';
import type { ForecastInput } from './forecast-types.js';
import { NumberBook } from './number-book.js';

const HALF_A_CALL = 0.5;

/** How many calls fit into a span. */
export interface CallRoom {
  calls: number;
  /** What makes it no more. */
  narrowest: ForecastLimit;
  /** What slots and rate alone would let through, for reckoning when in the span the last call is made. */
  inTimeAlone: number;
}

/** The limits of a campaign and what is left of them. Slots and rate flow with time; the day's cap and the budget are used up. */
export class CapacityBook {
  callsMade = 0;
  private readonly slots: number;
  /** Which of the two makes the slots as few as they are. */
  private readonly slotLimit: 'slots' | 'max_concurrent';
  private readonly holdMs: number;
  private readonly costOfCall: number;
  private readonly numbers: NumberBook;
  private readonly caps: readonly DayCap[];

  constructor(private readonly input: ForecastInput) {
    const { rates, budget } = input;
    this.slots = Math.min(input.slots, input.maxConcurrent);
    this.slotLimit = input.maxConcurrent <= input.slots ? 'max_concurrent' : 'slots';
    this.holdMs = Math.max(1, rates.ringMs + rates.answerRate * rates.talkMs);
    this.numbers = new NumberBook(input.callerNumbers, this.holdMs);
    this.costOfCall = budget === null ? 0 : budget.costPerCall + ((rates.answerRate * rates.talkMs) / 60_000) * budget.costPerMinute;
    this.caps = input.dailyCaps.map((cap) => new DayCap(cap));
  }

  get spent(): number {
    return this.callsMade * this.costOfCall;
  }

  roomFor(atMs: number, untilMs: number): CallRoom {
    const spanMs = untilMs - atMs;
    const slots = this.slotRoom(this.slots, spanMs);
    const rate = rateRoom(this.input.callsPerSecond, spanMs);
    const numbers = this.numbers.roomFor(atMs, untilMs);
    const limits: [ForecastLimit, number][] = [
      [this.slotLimit, slots],
      ['rate', rate],
      ['caller_numbers', numbers.calls],
      ['daily_cap', Math.min(Infinity, ...this.caps.map((cap) => cap.leftAt(atMs)))],
      ['budget', this.affordable()],
    ];
    const [narrowest, calls] = limits.reduce((least, limit) => (limit[1] < least[1] ? limit : least));
    return { calls, narrowest, inTimeAlone: Math.min(slots, rate, numbers.inTimeAlone) };
  }

  /** Calls to one country that fit into a span. */
  countryRoom(country: string | null, spanMs: number): number {
    const limits = this.input.countries[country ?? ''];
    return limits ? Math.min(this.slotRoom(limits.maxConcurrent ?? Infinity, spanMs), rateRoom(limits.callsPerSecond, spanMs)) : Infinity;
  }

  charge(calls: number, atMs: number, untilMs: number): void {
    this.callsMade += calls;
    for (const cap of this.caps) cap.charge(calls, atMs);
    this.numbers.charge(calls, atMs, untilMs);
  }

  /** When a day begins anew, or a caller number has rested. */
  nextChangeMs(atMs: number): number {
    return Math.min(this.numbers.nextChangeMs(atMs), ...this.caps.map((cap) => cap.nextDayMs(atMs)));
  }

  /** The limit that no waiting will lift. */
  shutForGood(): UnfinishedReason | null {
    const { callsPerSecond } = this.input;
    if (this.slots <= 0) return this.slotLimit;
    if (callsPerSecond !== null && callsPerSecond <= 0) return 'rate';
    if (this.numbers.isEmpty) return 'caller_numbers';
    if (this.caps.some((cap) => cap.isShutForGood)) return 'daily_cap';
    return this.affordable() < HALF_A_CALL ? 'budget' : null;
  }

  private slotRoom(slots: number, spanMs: number): number {
    return (Math.max(0, slots) * spanMs) / this.holdMs;
  }

  private affordable(): number {
    const { budget } = this.input;
    return budget === null || this.costOfCall === 0 ? Infinity : Math.max(0, budget.remaining / this.costOfCall - this.callsMade);
  }
}

function rateRoom(callsPerSecond: number | null, spanMs: number): number {
  return callsPerSecond === null ? Infinity : (Math.max(0, callsPerSecond) * spanMs) / 1000;
}
