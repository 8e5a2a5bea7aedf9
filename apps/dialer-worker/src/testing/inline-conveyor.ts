import { jobCatalogue, type JobName, type JobPayload } from '@carillon/contracts';
import type { BatchedJob, Conveyor, EnqueueOptions, JobHandlers } from '@carillon/coordination';

interface Job {
  name: JobName;
  payload: unknown;
}

/** A conveyor that keeps its jobs until the test runs them, one after the other. */
export class InlineConveyor implements Pick<Conveyor, 'enqueue' | 'enqueueAll'> {
  readonly jobs: Job[] = [];
  readonly failures: { name: JobName; error: unknown }[] = [];
  readonly #knownIds = new Set<string>();

  async enqueue<Name extends JobName>(name: Name, payload: JobPayload<Name>, options: EnqueueOptions = {}): Promise<void> {
    const data = jobCatalogue[name].payload.parse(payload);
    if (options.jobId !== undefined && this.#knownIds.has(`${name}/${options.jobId}`)) return;
    if (options.jobId !== undefined) this.#knownIds.add(`${name}/${options.jobId}`);
    this.jobs.push({ name, payload: data });
  }

  async enqueueAll<Name extends JobName>(name: Name, jobs: readonly BatchedJob<Name>[]): Promise<void> {
    for (const { payload, traceparent: _, ...options } of jobs) await this.enqueue(name, payload, options);
  }

  /** Runs everything that waits, and what that brings with it. */
  async run(handlers: JobHandlers): Promise<void> {
    for (let job = this.jobs.shift(); job; job = this.jobs.shift()) {
      const { name, payload } = job;
      const handle = handlers[name] as (payload: unknown, run: { signal: AbortSignal; attempt: number }) => Promise<void>;
      await handle(payload, { signal: new AbortController().signal, attempt: 1 }).catch((error: unknown) =>
        this.failures.push({ name, error }),
      );
    }
  }

  /** As if the jobs had been lost with Redis. */
  lose(): void {
    this.jobs.length = 0;
    this.#knownIds.clear();
  }
}
