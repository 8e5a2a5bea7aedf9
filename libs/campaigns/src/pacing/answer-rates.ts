import { ENOUGH, fade, keptWeight, RECENT_COUNT, sumsFrom } from './fading.js';
import { upperShare } from './upper-share.js';

const { ceil, floor, max, min } = Math;

/** A dialed phone that was answered after `ringMs`, or whose call ended unanswered after `ringMs`. `at` is the end of the ringing, in ms since the epoch. */
export interface RingOutcome {
  at: number;
  ringMs: number;
  answered: boolean;
}

/** What pacing asks: how likely a phone that has rung for `ringingMs` without an answer is answered, in the next `withinMs` or (if not given) at all. */
export interface AnswerOdds {
  answerProbability(ringingMs: number, at: number, withinMs?: number): number;
}

/** Plain JSON: what a new leader of the schedule goes on with. */
export interface AnswerRatesState {
  lastAt: number;
  /** Faded counts by ring time in whole seconds. */
  answered: number[];
  unanswered: number[];
  /** Faded counts of each hour of the day (UTC), over all days. */
  hours: { answered: number; total: number }[];
}

/** A carrier gives up before; the last bin takes whatever rings longer. */
const RING_BINS = 64;
const BIN_MS = 1_000;
const HOURS = 24;
const HOUR_MS = 3_600_000;

/**
 * Learns for one campaign how often and how late dialed phones are answered. Evidence fades with each newer call and with time; an upper 95 % bound stands in
 * for the truth, so that little evidence means caution: up to the 30th call every phone may be answered, and dials go out one per slot. Two witnesses are
 * heard and the more cautious one is believed: the last calls, and this hour of the day, which remembers the days before, so that the evening's better answer
 * rate is expected before it is seen. Patience is learned with it: among calls that rang at least t, the share that was answered is the probability of one
 * that rings since t, whatever the others ended by.
 */
export class AnswerRates implements AnswerOdds {
  private readonly state: AnswerRatesState;
  private readonly learned = new Learned();
  /** The hour of the day that `learned` speaks of; null when something was seen since. */
  private learnedFor: number | null = null;

  constructor(state?: AnswerRatesState) {
    this.state = state ? structuredClone(state) : unlearned();
  }

  observe({ at, ringMs, answered }: RingOutcome): void {
    const { state } = this;
    const kept = keptWeight(state.lastAt, at);
    fade(state.answered, kept);
    fade(state.unanswered, kept);
    state.lastAt = max(state.lastAt, at);
    const counts = answered ? state.answered : state.unanswered;
    const bin = binOf(ringMs);
    counts[bin] = (counts[bin] ?? 0) + 1;
    const hour = (state.hours[hourOf(at)] ??= { answered: 0, total: 0 });
    hour.answered = hour.answered * (1 - 1 / RECENT_COUNT) + (answered ? 1 : 0);
    hour.total = hour.total * (1 - 1 / RECENT_COUNT) + 1;
    this.learnedFor = null;
  }

  answerProbability(ringingMs: number, at: number, withinMs = Infinity): number {
    const { learned } = this;
    const hour = hourOf(at);
    if (this.learnedFor !== hour) learned.learn(this.state, hour);
    this.learnedFor = hour;
    return learned.calls < ENOUGH ? 1 : learned.bound(ringingMs, withinMs);
  }

  toJSON(): AnswerRatesState {
    return structuredClone(this.state);
  }
}

/** The bounds that one state of evidence gives, worked out when first asked for: they are asked hundreds of times a tick. */
class Learned {
  calls = 0;
  /** By how much this hour's odds are above those of the last calls; 1 if they are not. */
  private hourFactor = 1;
  private answeredFrom: Float64Array = new Float64Array(RING_BINS + 1);
  private rangFrom: Float64Array = new Float64Array(RING_BINS + 1);
  private readonly bounds = new Float64Array(RING_BINS * (RING_BINS + 1));

  learn({ answered, unanswered, hours }: AnswerRatesState, hour: number): void {
    this.answeredFrom = sumsFrom(answered);
    this.rangFrom = sumsFrom(answered.map((count, bin) => count + (unanswered[bin] ?? 0)));
    this.calls = this.rangFrom[0] ?? 0;
    this.bounds.fill(0);
    const ofHour = hours[hour] ?? { answered: 0, total: 0 };
    const recent = upperShare(this.answeredFrom[0] ?? 0, this.calls);
    this.hourFactor = ofHour.total < ENOUGH ? 1 : max(1, odds(upperShare(ofHour.answered, ofHour.total)) / odds(recent));
  }

  /** The share, at most, of those that rang at least as long which were answered within `withinMs`; both ends of a bin counted, never too few. */
  bound(ringingMs: number, withinMs: number): number {
    const from = binOf(ringingMs);
    const to = min(RING_BINS, from + 1 + ceil(withinMs / BIN_MS));
    const index = from * (RING_BINS + 1) + to;
    const known = this.bounds[index] ?? 0;
    if (known > 0) return known;
    const recent = upperShare((this.answeredFrom[from] ?? 0) - (this.answeredFrom[to] ?? 0), this.rangFrom[from] ?? 0);
    const bound = withOdds(recent, this.hourFactor);
    this.bounds[index] = bound;
    return bound;
  }
}

function unlearned(): AnswerRatesState {
  const zeros = () => Array.from({ length: RING_BINS }, () => 0);
  const hours = Array.from({ length: HOURS }, () => ({ answered: 0, total: 0 }));
  return { lastAt: 0, answered: zeros(), unanswered: zeros(), hours };
}

function binOf(ringMs: number): number {
  return min(RING_BINS - 1, max(0, floor(ringMs / BIN_MS)));
}

function hourOf(at: number): number {
  return floor(at / HOUR_MS) % HOURS;
}

function odds(p: number): number {
  return p / (1 - p);
}

/** A change of the campaign's rate changes the odds of every ring age by the same factor (Bayes), as long as people are as patient as before. */
function withOdds(p: number, factor: number): number {
  return (p * factor) / (p * factor + 1 - p);
}
