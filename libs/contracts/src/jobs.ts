import { z } from 'zod';

const callJob = z.object({ tenantId: z.string().min(1), callId: z.uuid() });
const eventJob = z.object({ tenantId: z.string().min(1), eventId: z.string().min(1) });

/** One kind of job: what it carries and how often BullMQ may try it. */
export interface JobDefinition<Payload extends z.ZodType = z.ZodType> {
  payload: Payload;
  /** Tries in all, the first included. */
  attempts: number;
  /** First delay of an exponential backoff; without attempts beyond the first it does not matter. */
  backoffMs: number;
  /** How often a job whose worker died is given to another one. */
  maxStalledCount: number;
  /** A handler that runs longer is aborted and counts as failed. */
  timeoutMs: number;
  /** Jobs of this kind that one worker process runs at a time. */
  concurrency: number;
}

const define = <Payload extends z.ZodType>(definition: JobDefinition<Payload>) => definition;

/**
 * Every job of the system. `dial` is never repeated by the queue: after a crash nobody knows whether the phone rings, so the reaper
 * decides from the ledger (docs/architecture.md, "One rule for carrier answers").
 */
export const jobCatalogue = {
  dial: define({ payload: callJob, attempts: 1, backoffMs: 0, maxStalledCount: 0, timeoutMs: 30_000, concurrency: 50 }),
  'carrier-event': define({ payload: eventJob, attempts: 5, backoffMs: 500, maxStalledCount: 3, timeoutMs: 15_000, concurrency: 50 }),
  'wrap-up': define({ payload: callJob, attempts: 5, backoffMs: 1_000, maxStalledCount: 3, timeoutMs: 15_000, concurrency: 20 }),
  synthesise: define({ payload: callJob, attempts: 3, backoffMs: 2_000, maxStalledCount: 3, timeoutMs: 60_000, concurrency: 10 }),
} as const;

export type JobName = keyof typeof jobCatalogue;
export type JobPayload<Name extends JobName> = z.infer<(typeof jobCatalogue)[Name]['payload']>;
export const JOB_NAMES = Object.keys(jobCatalogue) as JobName[];
