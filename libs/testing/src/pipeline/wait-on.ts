import type { Clock, Ms } from '@carillon/pipeline';

/** Waits on a clock; rejects at once when the signal aborts. */
export function waitOn(clock: Clock, ms: Ms, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      timer.cancel();
      reject(new Error('aborted'));
    };
    const timer = clock.setTimer(clock.now() + ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
