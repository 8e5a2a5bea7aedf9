const { abs, exp, max, min, sqrt } = Math;

/** From this variance on the corrected normal curve is right to 3 % of a tail of 1 %, and errs on the cautious side (measured in the test). */
const CURVED_VARIANCE = 8;
/** The most that an exact sum may cost, in steps of about a nanosecond: a tick looks at several moments of every campaign. */
const EXACT_STEPS = 20_000;

/**
 * How many of many uncertain things happen, each with its own probability (phones that are answered, talks that go on): the tail of the Poisson-binomial
 * distribution. Exact while they are few, by adding one after the other; else the normal curve corrected for skewness (Volkova 1996).
 */
export class AnswerCount {
  private readonly groups: { chance: number; times: number }[] = [];
  private trials = 0;
  private mean = 0;
  private variance = 0;
  private third = 0;
  private exact: ExactTail | null = null;

  /** So many more, each of which happens with probability `p`. */
  add(p: number, times = 1): void {
    if (p <= 0 || times <= 0) return;
    const chance = min(1, p);
    const variance = times * chance * (1 - chance);
    this.trials += times;
    this.mean += times * chance;
    this.variance += variance;
    this.third += variance * (1 - 2 * chance);
    this.groups.push({ chance, times });
    this.exact?.add(chance, times);
  }

  /** The probability that more than `limit` happen. */
  above(limit: number): number {
    if (limit < 0) return 1;
    if (this.trials <= limit) return 0;
    if (this.variance >= CURVED_VARIANCE || this.trials * limit > EXACT_STEPS) return this.onCurve(limit);
    if (this.exact?.limit !== limit) this.exact = this.summed(limit);
    return min(1, this.exact.above);
  }

  private summed(limit: number): ExactTail {
    const tail = new ExactTail(limit);
    for (const { chance, times } of this.groups) tail.add(chance, times);
    return tail;
  }

  private onCurve(limit: number): number {
    if (this.variance < 1e-9) return this.mean > limit + 0.5 ? 1 : 0;
    const sigma = sqrt(this.variance);
    const x = (limit + 0.5 - this.mean) / sigma;
    const skewness = this.third / (sigma * this.variance);
    const below = normalBelow(x) + (skewness * (1 - x * x) * normalDensity(x)) / 6;
    return min(1, max(0, 1 - below));
  }
}

/** The same for one limit, kept up to date with each addition. */
class ExactTail {
  above = 0;
  private added = 0;
  private readonly mass: Float64Array;

  constructor(readonly limit: number) {
    this.mass = new Float64Array(limit + 1);
    this.mass[0] = 1;
  }

  add(p: number, times: number): void {
    const { mass, limit } = this;
    for (let more = times; more > 0; more--) {
      if (this.added >= limit) this.above += p * (mass[limit] ?? 0);
      for (let k = min(limit, this.added + 1); k > 0; k--) mass[k] = (mass[k] ?? 0) * (1 - p) + (mass[k - 1] ?? 0) * p;
      mass[0] = (mass[0] ?? 0) * (1 - p);
      this.added++;
    }
  }
}

function normalDensity(x: number): number {
  return exp((-x * x) / 2) / sqrt(2 * Math.PI);
}

/** Abramowitz and Stegun 26.2.17, off by less than 7.5e-8. */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * abs(x));
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = normalDensity(x) * polynomial;
  return x >= 0 ? 1 - tail : tail;
}
