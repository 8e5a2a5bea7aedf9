/** The machine's monotonic clock, as the providers want it. */
export const monotonicClock = {
  now: () => performance.now(),
  setTimer(at: number, callback: () => void) {
    const timer = setTimeout(callback, Math.max(0, at - performance.now()));
    return { cancel: () => clearTimeout(timer) };
  },
};
