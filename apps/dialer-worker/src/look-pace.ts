/** Of the time that a look takes, how much passes before the next one: it then takes no more than a twentieth of one connection, however much there is to look at. */
const REST = 20;

/** Counts that read much and need not be of this second. */
export interface LookPace {
  /** Looks, unless it is too early for it: then null. */
  look<Result>(at: Date, work: () => Promise<Result>): Promise<Result | null>;
}

/** At most each `everyMs`, and less often when a look takes long. `elapsedMs` measures that: a clock that only moves on. */
export function createLookPace(everyMs: number, elapsedMs: () => number = () => performance.now()): LookPace {
  let dueAt = 0;
  return {
    async look(at, work) {
      if (at.getTime() < dueAt) return null;
      dueAt = at.getTime() + everyMs;
      const startedMs = elapsedMs();
      try {
        return await work();
      } finally {
        dueAt = Math.max(dueAt, at.getTime() + (elapsedMs() - startedMs) * REST);
      }
    },
  };
}
