/** A job that took longer than the catalogue gives it. */
export class JobTimeoutError extends Error {
  override readonly name = 'JobTimeoutError';
}

/**
 * Rejects with {@link JobTimeoutError} when the work is not done in time, and tells the work by its signal. Work that does not heed the signal goes on alone;
 * the job's second run is harmless by the rule for handlers.
 */
export async function withJobDeadline(timeoutMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(new JobTimeoutError(`took longer than ${timeoutMs} ms`)), timeoutMs);
  const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  try {
    await Promise.race([work(signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
