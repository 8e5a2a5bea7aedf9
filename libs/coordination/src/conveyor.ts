import { jobCatalogue, JOB_NAMES, type JobName, type JobPayload } from '@carillon/contracts';
import { Queue, type JobsOptions, type Telemetry } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Keys } from './keys.js';

/** Finished jobs are kept for a look at them, not for ever. */
const KEEP_COMPLETED = { age: 3_600, count: 1_000 }; // age in seconds
const KEEP_FAILED = { age: 86_400, count: 5_000 };

export interface EnqueueOptions {
  /** While a job of this id is known (waiting, running, or kept after its end) another one is ignored. Must not hold a ":". */
  jobId?: string;
}

/** One of many jobs of a kind. */
export interface BatchedJob<Name extends JobName> extends EnqueueOptions {
  payload: JobPayload<Name>;
  /** W3C trace context that the job goes on with; a fresh trace when there is none. */
  traceparent?: string | null;
}

/** Puts jobs of the catalogue on their queues: one queue per kind of job. */
export interface Conveyor {
  /** Throws when the payload is not what the catalogue says. */
  enqueue<Name extends JobName>(name: Name, payload: JobPayload<Name>, options?: EnqueueOptions): Promise<void>;
  /** All of them in one round trip, though not all or none. Throws before the first when a payload is not what the catalogue says. */
  enqueueAll<Name extends JobName>(name: Name, jobs: readonly BatchedJob<Name>[]): Promise<void>;
  /** Jobs that nobody has taken yet. */
  waiting(name: JobName): Promise<number>;
  close(): Promise<void>;
}

export function createConveyor({ redis, keys, telemetry }: { redis: Redis; keys: Keys; telemetry: Telemetry }): Conveyor {
  // Without skipWaitingForReady an `add` would wait for Redis for ever, and the request or tick behind it as well.
  const open = (name: JobName) => new Queue(name, { connection: redis, prefix: keys.queuePrefix, telemetry, skipWaitingForReady: true });
  const queues = new Map(JOB_NAMES.map((name) => [name, open(name)]));
  /** A queue whose first commands failed, since Redis was away while it opened, would fail for ever: it is opened anew. */
  const queue = async (name: JobName): Promise<Queue> => {
    const known = queues.get(name) ?? unknownJob(name);
    const isOpen = await known.waitUntilReady().then(
      () => true,
      () => false,
    );
    if (isOpen) return known;
    if (queues.get(name) === known) queues.set(name, open(name));
    return queues.get(name) ?? unknownJob(name);
  };
  return {
    async enqueue(name, payload, options = {}) {
      const data = jobCatalogue[name].payload.parse(payload);
      await (await queue(name)).add(name, data, { ...optionsOf(name), ...options });
    },
    async enqueueAll(name, jobs) {
      if (jobs.length === 0) return;
      const shared = optionsOf(name);
      const entryOf = ({ payload, traceparent, ...options }: (typeof jobs)[number]) => ({
        name,
        data: jobCatalogue[name].payload.parse(payload),
        opts: { ...shared, ...options, telemetry: telemetryOf(traceparent) },
      });
      await (await queue(name)).addBulk(jobs.map(entryOf));
    },
    waiting: async (name) => (await queue(name)).getWaitingCount(),
    async close() {
      await Promise.all([...queues.values()].map((each) => each.close()));
    },
  };
}

function optionsOf(name: JobName): JobsOptions {
  const { attempts, backoffMs } = jobCatalogue[name];
  const backoff = attempts > 1 ? { backoff: { type: 'exponential', delay: backoffMs } } : {};
  return { attempts, ...backoff, removeOnComplete: KEEP_COMPLETED, removeOnFail: KEEP_FAILED };
}

/** BullMQ would give every job of a batch the trace of the batch; each has its own, in the form that bullmq-otel reads. */
function telemetryOf(traceparent: string | null | undefined): NonNullable<JobsOptions['telemetry']> {
  return traceparent ? { metadata: JSON.stringify({ traceparent }) } : { omitContext: true };
}

function unknownJob(name: string): never {
  throw new Error(`"${name}" is not a job of the catalogue (libs/contracts/src/jobs.ts)`);
}
