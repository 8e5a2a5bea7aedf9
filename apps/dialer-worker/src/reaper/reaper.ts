import type { Logger } from '@carillon/platform';

/** One thing that the reaper looks after. Two reapers at once do no harm to any of them. */
export interface ReaperStep {
  name: string;
  run(): Promise<void>;
}

/** Rows that one step takes in one run: what is more waits a few seconds for the next. */
export const REAPER_BATCH = 200;

/** Runs the steps one after the other; one that fails is reported and keeps no other from running. */
export function createReaper(steps: readonly ReaperStep[], log: Logger): () => Promise<void> {
  return async () => {
    for (const { name, run } of steps) {
      await run().catch((error: unknown) => log.error({ err: error, step: name }, 'a step of the reaper failed'));
    }
  };
}
