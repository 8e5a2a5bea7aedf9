import { jobCatalogue, type JobDefinition, type JobName, type JobPayload } from '@carillon/contracts';
import { UnrecoverableError, Worker, type Job, type Telemetry } from 'bullmq';
import type { Redis } from 'ioredis';
import { withJobDeadline } from './job-deadline.js';
import { assertHandlersMatchCatalogue, type JobHandler, type JobHandlers } from './job-handlers.js';
import type { Keys } from './keys.js';

/** How long a dead worker's job waits for another one: about the sum of both. The lock is renewed every half of its duration. */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 10_000;

/** Told of every run, for metrics and logs. No personal data passes here. */
export interface JobObserver {
  /** `lagMs`: how long the job lay on the queue, its backoff included. */
  started(name: JobName, lagMs: number): void;
  completed(name: JobName, durationMs: number): void;
  /** `last` when the queue will not try again. */
  failed(name: JobName, error: Error, last: boolean): void;
  /** Trouble of the worker itself: connection, lock. */
  error(name: JobName, error: Error): void;
}

export interface JobWorkersOptions {
  /** Opens a connection by `openBlockingRedis` that belongs to the workers: for all commands but the blocking ones, for which each opens a copy. */
  openRedis(): Redis;
  keys: Keys;
  telemetry: Telemetry;
  handlers: Partial<JobHandlers>;
  /** The jobs this process must handle, exactly; all of the catalogue where it is left out. */
  names?: readonly JobName[];
  observer: JobObserver;
  /** Instead of the catalogue's. */
  concurrency?: Partial<Record<JobName, number>>;
}

/** One worker per kind of job, closed at first: `open()` lets jobs in once all is checked. */
export interface JobWorkers {
  open(): Promise<void>;
  /** Takes no more jobs and waits for those that run. */
  close(): Promise<void>;
}

/** Throws when handlers and catalogue differ. */
export function createJobWorkers(options: JobWorkersOptions): JobWorkers {
  assertHandlersMatchCatalogue(options.handlers, options.names);
  const names = Object.keys(options.handlers) as JobName[];
  const redis = options.openRedis();
  const workers = names.map((name) => createWorker(name, redis, options));
  return {
    async open() {
      await Promise.all(workers.map((worker) => worker.waitUntilReady()));
      // run() resolves when the worker is closed; its failures also come out as 'error' events, which the observer hears.
      for (const worker of workers) worker.run().catch((error: unknown) => worker.emit('error', asError(error)));
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close())).finally(() => redis.disconnect());
    },
  };
}

function createWorker<Name extends JobName>(name: Name, redis: Redis, options: JobWorkersOptions): Worker {
  const { keys, telemetry, observer } = options;
  const handler = options.handlers[name] as JobHandler<Name>;
  const definition: JobDefinition = jobCatalogue[name];
  const worker = new Worker(name, (job) => runJob({ name, job, handler, timeoutMs: definition.timeoutMs, observer }), {
    connection: redis,
    prefix: keys.queuePrefix,
    telemetry,
    autorun: false,
    concurrency: options.concurrency?.[name] ?? definition.concurrency,
    maxStalledCount: definition.maxStalledCount,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
  });
  worker.on('error', (error) => observer.error(name, error));
  worker.on('failed', (job, error) => observer.failed(name, error, isLastTry(job, definition)));
  return worker;
}

interface Run<Name extends JobName> {
  name: Name;
  job: Job;
  handler: JobHandler<Name>;
  timeoutMs: number;
  observer: JobObserver;
}

async function runJob<Name extends JobName>({ name, job, handler, timeoutMs, observer }: Run<Name>): Promise<void> {
  const startedAt = Date.now();
  observer.started(name, startedAt - job.timestamp);
  const payload = parsePayload(name, job.data);
  await withJobDeadline(timeoutMs, (signal) => handler(payload, { signal, attempt: job.attemptsMade + 1 }));
  observer.completed(name, Date.now() - startedAt);
}

function parsePayload<Name extends JobName>(name: Name, data: unknown): JobPayload<Name> {
  const result = jobCatalogue[name].payload.safeParse(data);
  if (!result.success) throw new UnrecoverableError(`payload of "${name}" is not what the catalogue says: ${result.error.message}`);
  return result.data as JobPayload<Name>;
}

/** A job that BullMQ cannot show any more stalled too often: there is no further try. */
function isLastTry(job: Job | undefined, { attempts }: JobDefinition): boolean {
  return job === undefined || job.attemptsMade >= attempts;
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
