/** Something that runs again and again until it is stopped. */
export interface Repetition {
  /** Resolves when the run that is going on has ended. */
  stop(): Promise<void>;
}

/** What is down is not asked several times a second. */
const AFTER_FAILURE_MS = 2_000;
/** Of the interval, after a run that took all of it: others get their turn at the database. */
const REST = 0.1;

/** Runs `work` at once and then each `intervalMs`, one run after the other: one that takes longer is followed by the next after a short rest. A run that fails is reported, and the
 * next one comes all the same, though not at once. */
export function repeatEvery(intervalMs: number, work: () => Promise<void>, onError: (error: unknown) => void): Repetition {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const run = async () => {
    const startedAt = performance.now();
    const failed = await work().then(
      () => false,
      (error: unknown) => {
        onError(error);
        return true;
      },
    );
    const restMs = Math.max(intervalMs * REST, intervalMs - (performance.now() - startedAt));
    if (!stopped) timer = setTimeout(start, failed ? Math.max(intervalMs, AFTER_FAILURE_MS) : restMs);
  };
  let running = Promise.resolve();
  const start = () => {
    running = run();
  };
  start();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
