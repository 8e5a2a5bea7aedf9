import { FRAME_MS } from './frame-ticker.js';
import { SampleQueue } from './sample-queue.js';

export const SAMPLE_RATE = 16_000;
export const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;
/** Audio that comes after a gap of up to this length belonged to what was being said: the gap was a stutter. A longer one is a pause. */
const STUTTER_FRAMES = 200 / FRAME_MS;

export interface PlayoutStatistics {
  /** Audio that came in, in milliseconds. */
  receivedMs: number;
  playedMs: number;
  /** Stutters: the queue ran dry in mid-speech, and more came within 200 ms. */
  underruns: number;
  /** Came in beyond the queue's bound and was dropped. */
  overflowMs: number;
  /** Dropped by StopAudio. */
  stoppedMs: number;
  stops: number;
  maxDepthMs: number;
}

/** What the server has sent and the callee has not heard yet: drained by one frame a tick, silence where there is nothing. */
export class Playout {
  readonly statistics: PlayoutStatistics = {
    receivedMs: 0,
    playedMs: 0,
    underruns: 0,
    overflowMs: 0,
    stoppedMs: 0,
    stops: 0,
    maxDepthMs: 0,
  };
  readonly #queue: SampleQueue;
  /** Ticks since the queue ran dry while playing; null in a pause. */
  #dryFrames: number | null = null;

  constructor(maxMs: number) {
    this.#queue = new SampleQueue((maxMs * SAMPLE_RATE) / 1_000);
  }

  receive(pcm: Int16Array): void {
    this.statistics.receivedMs += msOf(pcm.length);
    this.statistics.overflowMs += msOf(this.#queue.push(pcm));
    this.statistics.maxDepthMs = Math.max(this.statistics.maxDepthMs, msOf(this.#queue.length));
  }

  /** The server asked for it. */
  stop(): void {
    this.statistics.stops++;
    this.statistics.stoppedMs += msOf(this.#queue.length);
    this.clear();
  }

  clear(): void {
    this.#queue.clear();
    this.#dryFrames = null;
  }

  /** The frame that the callee hears now; the caller's own. */
  nextFrame(): Int16Array {
    const frame = new Int16Array(FRAME_SAMPLES);
    const played = this.#queue.pull(frame);
    this.statistics.playedMs += msOf(played);
    this.#noteGap(played);
    return frame;
  }

  #noteGap(played: number): void {
    if (played > 0 && this.#dryFrames !== null && this.#dryFrames > 0) this.statistics.underruns++;
    if (played === FRAME_SAMPLES) this.#dryFrames = 0;
    else if (played > 0) this.#dryFrames = 1;
    else if (this.#dryFrames !== null) this.#dryFrames = this.#dryFrames < STUTTER_FRAMES ? this.#dryFrames + 1 : null;
  }
}

function msOf(samples: number): number {
  return (samples * 1_000) / SAMPLE_RATE;
}
