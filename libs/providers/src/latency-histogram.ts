const BUCKET_MS = 0.25;
const BUCKETS = 800; // up to 200 ms; what is slower counts as that

/** Percentiles of many short delays in constant memory, a quarter of a millisecond exact. */
export class LatencyHistogram {
  readonly #buckets = new Uint32Array(BUCKETS);
  #count = 0;

  record(delayMs: number): void {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor(delayMs / BUCKET_MS)));
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count++;
  }

  /** Upper edge of the bucket that holds the `share` quantile; 0 when nothing was recorded. */
  quantileMs(share: number): number {
    let left = Math.ceil(this.#count * share);
    if (left === 0) return 0;
    for (const [bucket, count] of this.#buckets.entries()) {
      left -= count;
      if (left <= 0) return (bucket + 1) * BUCKET_MS;
    }
    return BUCKETS * BUCKET_MS;
  }
}
