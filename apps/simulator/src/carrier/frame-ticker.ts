/** Audio moves in frames of 20 ms everywhere in this carrier. */
export const FRAME_MS = 20;
/** Calls are spread over the 20 ms by phases of 5 ms, as the calls of a real carrier are. */
const PHASES = 4;
const STEP_MS = FRAME_MS / PHASES;
/** After a stall of the process what is due is caught up at once, but no more than a second of it. */
const MAX_CATCH_UP_STEPS = 1_000 / STEP_MS;

/** Monotonic time and a one-shot timer, to be replaced in tests. */
export interface TickerClock {
  nowMs(): number;
  /** Returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export const monotonicClock: TickerClock = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * One drift-free timer for all calls: each wake-up runs the frames that are due by the monotonic clock, however late it comes. It stands
 * still while nobody listens.
 */
export class FrameTicker {
  /** Frames that were due in a stall too long to catch up, of all calls. */
  skippedFrames = 0;
  readonly #listeners: Set<() => void>[] = Array.from({ length: PHASES }, () => new Set());
  #joined = 0;
  #nextStep = 0;
  #originMs = 0;
  #cancel: (() => void) | null = null;

  constructor(private readonly clock: TickerClock = monotonicClock) {}

  /** Calls `onFrame` each 20 ms until the returned function is called. A throwing listener is the listener's fault: it must not. */
  join(onFrame: () => void): () => void {
    const phase = this.#listeners[this.#joined++ % PHASES];
    phase?.add(onFrame);
    if (!this.#cancel) this.#start();
    return () => {
      phase?.delete(onFrame);
      if (this.#listeners.every(({ size }) => size === 0)) this.stop();
    };
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #start(): void {
    this.#originMs = this.clock.nowMs();
    this.#nextStep = 1;
    this.#schedule();
  }

  #schedule(): void {
    const dueMs = this.#originMs + this.#nextStep * STEP_MS;
    this.#cancel = this.clock.after(Math.max(0, dueMs - this.clock.nowMs()), () => this.#wake());
  }

  #wake(): void {
    const dueStep = Math.floor((this.clock.nowMs() - this.#originMs) / STEP_MS);
    if (dueStep - this.#nextStep >= MAX_CATCH_UP_STEPS) this.#skipTo(dueStep - MAX_CATCH_UP_STEPS + 1);
    // a listener may end the last call, and with it this loop
    for (; this.#nextStep <= dueStep && this.#cancel; this.#nextStep++) {
      for (const onFrame of this.#listeners[this.#nextStep % PHASES] ?? []) onFrame();
    }
    if (this.#cancel) this.#schedule();
  }

  #skipTo(step: number): void {
    const calls = this.#listeners.reduce((sum, { size }) => sum + size, 0);
    this.skippedFrames += Math.floor((step - this.#nextStep) / PHASES) * calls;
    this.#nextStep = step;
  }
}
