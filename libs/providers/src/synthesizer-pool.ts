/** One connection to a synthesis service: takes one utterance at a time. */
export interface PooledSynthesizer {
  /** Utterances taken so far. */
  readonly served: number;
  readonly broken: boolean;
  dispose(): void;
}

export interface SynthesizerPoolOptions<S> {
  create(): S;
  /** Utterances at the same time; later ones wait for a free one. */
  maxOpen: number;
  /** Kept open while nobody speaks. */
  maxIdle: number;
  /** Each request leaves 5 KB behind in the SDK until its synthesizer is closed. */
  maxServed: number;
  /** More waiting than this are refused: they would come too late anyway. */
  maxWaiting: number;
}

/** The synthesizers of a process, shared by its calls. */
export class SynthesizerPool<S extends PooledSynthesizer> {
  readonly #options: SynthesizerPoolOptions<S>;
  readonly #idle: S[] = [];
  readonly #busy = new Set<S>();
  readonly #waiting: ((synthesizer: S) => void)[] = [];
  #closed = false;

  constructor(options: SynthesizerPoolOptions<S>) {
    this.#options = options;
  }

  get size(): { idle: number; busy: number; waiting: number } {
    return { idle: this.#idle.length, busy: this.#busy.size, waiting: this.#waiting.length };
  }

  /** Opens one more ahead of need, up to `maxIdle`. */
  warm(): void {
    const room = this.#idle.length < this.#options.maxIdle && this.#idle.length + this.#busy.size < this.#options.maxOpen;
    if (room && !this.#closed) this.#idle.unshift(this.#options.create());
  }

  /**
   * Calls `use` with a synthesizer that nobody else has, at once or when one is given back. Answers how to give up waiting, or
   * undefined when there are too many before.
   */
  acquire(use: (synthesizer: S) => void): (() => void) | undefined {
    const synthesizer = this.#take();
    if (synthesizer) {
      use(synthesizer);
      return () => undefined;
    }
    if (this.#closed || this.#waiting.length >= this.#options.maxWaiting) return undefined;
    this.#waiting.push(use);
    return () => this.#forget(use);
  }

  /** Harmless when the synthesizer was given back before. */
  release(synthesizer: S): void {
    if (!this.#busy.delete(synthesizer)) return;
    const worn = synthesizer.broken || synthesizer.served >= this.#options.maxServed;
    if (worn || this.#closed || (this.#waiting.length === 0 && this.#idle.length >= this.#options.maxIdle)) synthesizer.dispose();
    else this.#idle.push(synthesizer);
    this.#serveNext();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    for (const synthesizer of [...this.#idle, ...this.#busy]) synthesizer.dispose();
    this.#idle.length = 0;
    this.#busy.clear();
  }

  #take(): S | undefined {
    if (this.#closed) return undefined;
    let synthesizer = this.#idle.pop(); // the one used last: its connection is the least likely to have been dropped
    while (synthesizer?.broken) {
      synthesizer.dispose();
      synthesizer = this.#idle.pop();
    }
    if (!synthesizer && this.#busy.size < this.#options.maxOpen) synthesizer = this.#options.create();
    if (synthesizer) this.#busy.add(synthesizer);
    return synthesizer;
  }

  #serveNext(): void {
    if (this.#waiting.length === 0) return;
    const synthesizer = this.#take();
    if (synthesizer) this.#waiting.shift()?.(synthesizer);
  }

  #forget(use: (synthesizer: S) => void): void {
    const index = this.#waiting.indexOf(use);
    if (index >= 0) this.#waiting.splice(index, 1);
  }
}
