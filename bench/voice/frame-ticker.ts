export const FRAME_MS = 20;

/** Runs the callback once per 20 ms that have passed on the monotonic clock, without drift. */
export function everyFrame(callback: () => void): () => void {
  return everyInterval(FRAME_MS, callback);
}

/** Calls begin at any moment: their frames come spread over the 20 ms, in so many steps, not all at once. */
const PHASES = 10;

/** The same for each one of a list that may grow, each in a phase of its own. */
export function everyFrameOfEach<T>(all: readonly T[], callback: (one: T, timestamp: string) => void): () => void {
  let phase = 0;
  return everyInterval(FRAME_MS / PHASES, () => {
    const timestamp = new Date().toISOString();
    all.forEach((one, index) => {
      if (index % PHASES === phase) callback(one, timestamp);
    });
    phase = (phase + 1) % PHASES;
  });
}

function everyInterval(intervalMs: number, callback: () => void): () => void {
  const startedAt = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startedAt) / intervalMs);
    for (; done < due; done++) callback();
  }, intervalMs / 4);
  return () => clearInterval(timer);
}

export function pause(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms));
}
