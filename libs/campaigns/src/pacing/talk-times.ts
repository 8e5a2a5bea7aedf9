import { fade, keptWeight, sumsFrom } from './fading.js';
import { upperShare } from './upper-share.js';

const { floor, max, min } = Math;

/** A talk that ended. */
export interface TalkOutcome {
  at: number;
  talkMs: number;
}

/** What pacing asks: how likely a talk that lasts since `talkedMs` still holds its slot `withinMs` later, given all that run now. */
export interface TalkOdds {
  among(talkedMs: readonly number[]): (talkedMs: number, withinMs: number) => number;
}

/** Plain JSON: what a new leader of the schedule goes on with. */
export interface TalkTimesState {
  lastAt: number;
  /** Faded counts by length in steps of 5 s. */
  ended: number[];
}

const BIN_MS = 5_000;
/** Ten minutes; of longer talks nothing is expected but that they go on. */
const BINS = 120;

/**
 * Learns for one campaign how long talks last, to say which slots will soon be free. The bound is cautious on the side that they go on: the upper 95 % one,
 * and talks that run now count as lasting. That also mends the start, when only short talks can have ended yet.
 */
export class TalkTimes implements TalkOdds {
  private readonly state: TalkTimesState;
  private lastedFrom: Float64Array | null = null;

  constructor(state?: TalkTimesState) {
    this.state = state ? structuredClone(state) : { lastAt: 0, ended: Array.from({ length: BINS }, () => 0) };
  }

  observe({ at, talkMs }: TalkOutcome): void {
    const { state } = this;
    fade(state.ended, keptWeight(state.lastAt, at));
    state.lastAt = max(state.lastAt, at);
    const bin = binOf(talkMs);
    state.ended[bin] = (state.ended[bin] ?? 0) + 1;
    this.lastedFrom = null;
  }

  among(talkedMs: readonly number[]): (talkedMs: number, withinMs: number) => number {
    const lasted = (this.lastedFrom ??= sumsFrom(this.state.ended));
    const running = new Float64Array(BINS);
    for (const talked of talkedMs) running[binOf(talked)] = (running[binOf(talked)] ?? 0) + 1;
    const runningFrom = sumsFrom(running);
    return (talked, withinMs) => {
      const bin = binOf(talked);
      const until = bin + withinMs / BIN_MS;
      if (until >= BINS - 1) return 1;
      const ended = (lasted[bin] ?? 0) - between(lasted, until);
      const all = (lasted[bin] ?? 0) + (runningFrom[bin] ?? 0);
      return upperShare(all - ended, all);
    };
  }

  toJSON(): TalkTimesState {
    return structuredClone(this.state);
  }
}

function binOf(talkMs: number): number {
  return min(BINS - 1, max(0, floor(talkMs / BIN_MS)));
}

/** The sums between two bins lie on a straight line. */
function between(sums: Float64Array, position: number): number {
  const bin = floor(position);
  const from = sums[bin] ?? 0;
  return from + ((sums[bin + 1] ?? 0) - from) * (position - bin);
}
