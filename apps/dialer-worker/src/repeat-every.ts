/** Something that runs again and again until it is stopped. */
export interface Repetition {
  /** Resolves when the run that is going on has ended. */
  stop(): Promise<void>;
}

/** Runs `work` at once and then `intervalMs` after each end, so that runs never overlap. A run that fails is reported, and the next one comes all the same. */
export function repeatEvery(intervalMs: number, work: () => Promise<void>, onError: (error: unknown) => void): Repetition {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const run = async () => {
    await work().catch(onError);
    if (!stopped) timer = setTimeout(start, intervalMs);
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
