import type { Clock, TimerHandle } from '@carillon/pipeline';

/** An abort signal that follows another one and also fires when the time is up. The time can be extended as long as it is not. */
export class Deadline {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #onOuter = () => this.#controller.abort(this.#outer.reason);
  #timer: TimerHandle | undefined;
  #passed = false;

  constructor(clock: Clock, outer: AbortSignal) {
    this.#clock = clock;
    this.#outer = outer;
    if (outer.aborted) this.#onOuter();
    else outer.addEventListener('abort', this.#onOuter, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True when the time, and not the outer signal, ended it. */
  get passed(): boolean {
    return this.#passed;
  }

  extend(durationMs: number): void {
    this.pause();
    this.#timer = this.#clock.setTimer(this.#clock.now() + durationMs, () => {
      this.#passed = true;
      this.#controller.abort(new Error('the time is up'));
    });
  }

  pause(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Nothing fires any more, and the outer signal is let go: it may live much longer. */
  cancel(): void {
    this.pause();
    this.#outer.removeEventListener('abort', this.#onOuter);
  }
}
