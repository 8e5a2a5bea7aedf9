import type { Clock, Ms } from '@carillon/pipeline';

/** The machine's monotonic clock, for running the scripted providers in a load test. */
export function createRealClock(): Clock {
  return {
    now: () => performance.now(),
    setTimer: (at: Ms, callback: () => void) => {
      if (at === Infinity) return { cancel: () => undefined };
      const timer = setTimeout(callback, Math.max(0, Math.ceil(at - performance.now())));
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
