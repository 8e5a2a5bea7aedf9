import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Ms } from '@carillon/pipeline';

/** Also what the monitor adds to every delay, since it measures from one of its own ticks to the next. */
const RESOLUTION_MS: Ms = 10;
const NS_PER_MS = 1_000_000;
/** With a look every two seconds, the last six: one bad moment is over soon, and a worker that is at its limit does not waver. */
const LOOKS = 3;

/** How late the event loop is: p99 since it was asked last. */
export interface LoopDelayMeter {
  readP99Ms(): Ms;
  stop(): void;
}

export function startLoopDelayMeter(): LoopDelayMeter {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return {
    readP99Ms() {
      const p99Ms = Math.max(0, delay.percentile(99) / NS_PER_MS - RESOLUTION_MS);
      delay.reset();
      return p99Ms;
    },
    stop: () => void delay.disable(),
  };
}

/** Says when the event loop is too late for another call: frames of all calls come and go late then. */
export class LoopDelayWatch {
  private readonly looks: Ms[] = [];

  constructor(
    private readonly meter: Pick<LoopDelayMeter, 'readP99Ms'>,
    private readonly limitMs: Ms,
  ) {}

  /** Once per heartbeat. */
  look(): void {
    this.looks.push(this.meter.readP99Ms());
    if (this.looks.length > LOOKS) this.looks.shift();
  }

  get p99Ms(): Ms {
    return Math.max(0, ...this.looks);
  }

  get overloaded(): boolean {
    return this.p99Ms > this.limitMs;
  }
}
