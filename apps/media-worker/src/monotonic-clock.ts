import type { Clock } from '@carillon/pipeline';

/** Node fires a timer that is longer than this at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's monotonic clock. */
export const monotonicClock: Clock = {
  now: () => performance.now(),
  setTimer(at, callback) {
    const delayMs = Math.max(0, Math.ceil(at - performance.now()));
    if (delayMs > LONGEST_TIMER_MS) return { cancel: () => undefined };
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
