import type { PhoneLine } from './callee.js';
import { FRAME_SAMPLES, SAMPLE_RATE } from './playout.js';
import { SampleQueue } from './sample-queue.js';

/** Nobody says more than ten minutes in one go. */
const MAX_SPEECH_SAMPLES = 10 * 60 * SAMPLE_RATE;
const TONE = /^[0-9A-D*#]$/;

export interface LineEvents {
  tone(tone: string): void;
  hungUp(): void;
}

/** The callee's end of an answered call. The carrier moves it by one frame a tick in each direction. */
export class CalleeLine implements PhoneLine {
  readonly #speech = new SampleQueue(MAX_SPEECH_SAMPLES);
  readonly #hear: ((frame: Int16Array) => void)[] = [];
  readonly #ended: (() => void)[] = [];
  #open = true;

  constructor(private events: LineEvents) {}

  /** From now on somebody else is at the other end. */
  handOver(events: LineEvents): void {
    this.events = events;
  }

  onAudio(callback: (frame: Int16Array) => void): void {
    this.#hear.push(callback);
  }

  /** Someone who asks after the end is told at once. */
  onEnded(callback: () => void): void {
    if (this.#open) this.#ended.push(callback);
    else callback();
  }

  say(pcm: Int16Array): void {
    if (!this.#open) return;
    if (this.#speech.push(pcm) > 0) throw new RangeError('a callee may queue at most ten minutes of speech');
  }

  stopSaying(): void {
    this.#speech.clear();
  }

  get saying(): boolean {
    return this.#speech.length > 0;
  }

  sendTone(tone: string): void {
    if (!TONE.test(tone)) throw new RangeError('a phone has the keys 0-9, *, # and A-D');
    if (this.#open) this.events.tone(tone);
  }

  hangUp(): void {
    if (this.#open) this.events.hungUp();
  }

  /** What the callee says in this frame; null for silence. */
  nextSpeech(): Int16Array | null {
    if (this.#speech.length === 0) return null;
    const frame = new Int16Array(FRAME_SAMPLES);
    this.#speech.pull(frame);
    return frame;
  }

  play(frame: Int16Array): void {
    this.#hear.forEach((hear, index) => hear(index === 0 ? frame : frame.slice()));
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#speech.clear();
    for (const ended of this.#ended) ended();
  }
}
