import type { Logger } from 'pino';
import type { Callee } from './callee.js';
import type { FrameTicker } from './frame-ticker.js';
import { CalleeLine } from './phone-line.js';
import { FRAME_SAMPLES } from './playout.js';

export interface ConnectedPhonesOptions {
  /** Who was called, on a line that is open. */
  callee: CalleeLine;
  /** Who has answered in place of the application. */
  agent: Callee;
  ticker: FrameTicker;
  log: Logger;
  onEnded(phones: ConnectedPhones): void;
}

/** A person and the one they were put through to: two phones that hear each other, and nobody else does. Over when either is put down. */
export class ConnectedPhones {
  readonly #callee: CalleeLine;
  readonly #agent: CalleeLine;
  readonly #leaveTicker: () => void;
  #over = false;

  constructor(private readonly options: ConnectedPhonesOptions) {
    const hungUp = () => this.end();
    this.#callee = options.callee;
    this.#agent = new CalleeLine({ tone: () => undefined, hungUp });
    this.#callee.handOver({ tone: () => undefined, hungUp });
    this.#leaveTicker = options.ticker.join(() => this.#guarded(() => this.#frame()));
    this.#guarded(() => options.agent.connect(this.#agent));
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#leaveTicker();
    for (const line of [this.#callee, this.#agent]) this.#guarded(() => line.end());
    this.options.onEnded(this);
  }

  #frame(): void {
    const said = this.#callee.nextSpeech();
    const answered = this.#agent.nextSpeech();
    this.#agent.play(said ?? new Int16Array(FRAME_SAMPLES));
    this.#callee.play(answered ?? new Int16Array(FRAME_SAMPLES));
  }

  /** Whose code fails puts the phone down. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.options.log.error({ err: error }, 'somebody who was put through failed');
      this.end();
    }
  }
}
