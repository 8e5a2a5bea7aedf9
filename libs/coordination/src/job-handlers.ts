import { JOB_NAMES, type JobName, type JobPayload } from '@carillon/contracts';

/** What a handler knows of its run besides the payload. */
export interface JobRun {
  /** Aborts when the catalogue's time for this kind of job is over. */
  signal: AbortSignal;
  /** 1 for the first try. */
  attempt: number;
}

/** Every handler may run twice: each says in a comment why that is harmless. */
export type JobHandler<Name extends JobName> = (payload: JobPayload<Name>, run: JobRun) => Promise<void>;

export type JobHandlers<Names extends JobName = JobName> = { [Name in Names]: JobHandler<Name> };

/** Throws when `handlers` are not exactly those of `expected`: a job without a handler would wait on its queue for ever, unseen. */
export function assertHandlersMatchCatalogue(handlers: object, expected: readonly JobName[] = JOB_NAMES): void {
  const given = Object.keys(handlers);
  const missing = expected.filter((name) => !given.includes(name));
  const unknown = given.filter((name) => !expected.some((known) => known === name));
  if (missing.length + unknown.length === 0) return;
  const faults = [...missing.map((name) => `no handler for "${name}"`), ...unknown.map((name) => `"${name}" is not expected here`)];
  throw new Error(`job handlers and catalogue differ: ${faults.join(', ')}; mend libs/contracts/src/jobs.ts or the handlers`);
}
