/** The time of day, given so that tests can set it. */
export type Now = () => Date;

export function after(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms);
}

export function before(moment: Date, ms: number): Date {
  return new Date(moment.getTime() - ms);
}

/** Resolves after so long; rejects when it is aborted before. Given so that tests need not wait. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;
