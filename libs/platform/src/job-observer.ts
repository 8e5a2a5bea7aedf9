import type { JobName } from '@carillon/contracts';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Logger } from './logger.js';

const BUCKETS_S = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];
const MS_PER_S = 1000;

/** Counts and times the jobs of a process, and says in the log which of them failed: the observer that `createWorkers` asks for. */
export function createJobObserver(registry: Registry, log: Logger) {
  const labelNames = ['job'] as const;
  const registers = [registry];
  const lag = new Histogram({
    name: 'carillon_job_lag_seconds',
    help: 'Time that a job lay on its queue',
    labelNames,
    buckets: BUCKETS_S,
    registers,
  });
  const duration = new Histogram({ name: 'carillon_job_seconds', help: 'Time that a job ran', labelNames, buckets: BUCKETS_S, registers });
  const failures = new Counter({
    name: 'carillon_job_failures_total',
    help: 'Runs of jobs that failed; last="true" where the queue gave up',
    labelNames: ['job', 'last'] as const,
    registers,
  });
  return {
    started: (job: JobName, lagMs: number) => lag.observe({ job }, lagMs / MS_PER_S),
    completed: (job: JobName, durationMs: number) => duration.observe({ job }, durationMs / MS_PER_S),
    failed(job: JobName, error: Error, last: boolean) {
      failures.inc({ job, last: String(last) });
      log[last ? 'error' : 'warn']({ err: error, job, last }, 'a job failed');
    },
    error: (job: JobName, error: Error) => log.warn({ err: error, job }, 'trouble on a queue'),
  };
}
