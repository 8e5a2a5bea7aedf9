import type { Clock, Ms } from '@carillon/pipeline';

/**
 * Where processes tell each other which provider to leave alone, so that not every one of them has to burn its own calls to find out.
 * Durations, because the clocks of two processes have nothing in common. Over Redis: `SET key 1 PX openForMs` (0: `DEL`) and `PTTL`.
 */
export interface BreakerBoard {
  /** How much longer the provider is to be left alone; 0: nobody says so. */
  get(provider: string): Promise<Ms>;
  /** The last word counts. 0: it works again. */
  set(provider: string, openForMs: Ms): Promise<void>;
}

/** For one process, and for tests. */
export class MemoryBreakerBoard implements BreakerBoard {
  readonly #clock: Clock;
  readonly #openUntil = new Map<string, Ms>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(provider: string): Promise<Ms> {
    return Promise.resolve(Math.max(0, (this.#openUntil.get(provider) ?? 0) - this.#clock.now()));
  }

  set(provider: string, openForMs: Ms): Promise<void> {
    if (openForMs > 0) this.#openUntil.set(provider, this.#clock.now() + openForMs);
    else this.#openUntil.delete(provider);
    return Promise.resolve();
  }
}
