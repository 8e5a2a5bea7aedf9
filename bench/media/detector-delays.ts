import type { Ms, VadEngine, VadStream } from '@carillon/pipeline';

/** One call's way to the voice detector, on which it is kept what each answer took: queue and inference. */
export class DetectorDelays implements VadEngine {
  readonly #endAt: Ms[] = [];
  readonly #tookMs: Ms[] = [];

  constructor(
    private readonly vad: VadEngine,
    private readonly now: () => Ms,
  ) {}

  open(onProbability: Parameters<VadEngine['open']>[0]): VadStream {
    return this.vad.open((probability, windowEndAt, soundAt) => {
      this.#endAt.push(windowEndAt);
      this.#tookMs.push(this.now() - windowEndAt);
      onProbability(probability, windowEndAt, soundAt);
    });
  }

  /** The slowest answer to a window that ended within this time. */
  slowestMs(from: Ms, to: Ms): Ms {
    const within = this.#tookMs.filter((_tookMs, window) => (this.#endAt[window] ?? 0) >= from && (this.#endAt[window] ?? 0) <= to);
    if (within.length === 0) throw new Error(`no window of the voice detector between ${from} and ${to}`);
    return Math.max(...within);
  }

  close(): Promise<void> {
    return this.vad.close();
  }
}
