import type { Ms } from '@carillon/pipeline';

/** `outdone`: it called wrong in itself what another provider then answered. */
export type Outcome = 'good' | 'slow' | 'failed' | 'outdone';

const BUCKETS = 10;

interface Bucket extends Record<Outcome, number> {
  /** Which stretch of time it holds. */
  stretch: number;
}

/** How the last requests came out, in constant memory, a tenth of the window exact. */
export class OutcomeWindow {
  readonly #bucketMs: Ms;
  #buckets: Bucket[] = [];

  constructor(windowMs: Ms) {
    this.#bucketMs = windowMs / BUCKETS;
  }

  add(outcome: Outcome, now: Ms): void {
    const stretch = Math.floor(now / this.#bucketMs);
    let bucket = this.#buckets.at(-1);
    if (bucket?.stretch !== stretch) {
      bucket = { stretch, good: 0, slow: 0, failed: 0, outdone: 0 };
      this.#buckets.push(bucket);
      this.#buckets = this.#buckets.filter((one) => one.stretch > stretch - BUCKETS);
    }
    bucket[outcome]++;
  }

  totals(now: Ms): Record<Outcome, number> {
    const oldest = Math.floor(now / this.#bucketMs) - BUCKETS;
    const totals = { good: 0, slow: 0, failed: 0, outdone: 0 };
    for (const bucket of this.#buckets) {
      if (bucket.stretch <= oldest) continue;
      totals.good += bucket.good;
      totals.slow += bucket.slow;
      totals.failed += bucket.failed;
      totals.outdone += bucket.outdone;
    }
    return totals;
  }

  clear(): void {
    this.#buckets = [];
  }
}
