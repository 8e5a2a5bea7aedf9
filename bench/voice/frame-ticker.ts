export const FRAME_MS = 20;

/** Runs the callback once per 20 ms that have passed on the monotonic clock, without drift. */
export function everyFrame(callback: () => void): () => void {
  const startedAt = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startedAt) / FRAME_MS);
    for (; done < due; done++) callback();
  }, FRAME_MS / 4);
  return () => clearInterval(timer);
}

export function pause(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms));
}
