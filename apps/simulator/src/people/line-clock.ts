/** A frame of the phone line. */
export const FRAME_MS = 20;

export interface LineTimer {
  cancel(): void;
}

/** The time of one call, counted in the frames of its line: it stands still when the line does, and tests run it at any speed. */
export class LineClock {
  #nowMs = 0;
  readonly #timers = new Set<{ atMs: number; callback: () => void }>();

  get nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): LineTimer {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** One frame has passed. */
  tick(): void {
    this.#nowMs += FRAME_MS;
    for (const timer of this.#timers) {
      if (timer.atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }

  stop(): void {
    this.#timers.clear();
  }
}
