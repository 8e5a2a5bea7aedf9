import type { Ms, VadStream } from '@carillon/pipeline';
import { EnergyVad } from './energy-vad.js';
import { SoundOnset } from './sound-onset.js';
import { WINDOW_SAMPLES } from './vad-ring.js';

export interface StreamEnds {
  deliver(probability: number, windowEndAt: Ms, soundAt: Ms | null): void;
  /** Gives one window to the model. False: judge by loudness what is not judged yet, this window included. */
  submit(ordinal: number, window: Int16Array): boolean;
  /** One window was judged by loudness. */
  fellBack(): void;
  close(): void;
  failed(error: unknown): void;
}

/** Windows of one call that may wait for the model: 8 s of audio. A power of two. */
const MOST_WAITING = 256;

/**
 * One call on its way to the detector: frames are cut into windows, and each window is judged exactly once and in order, by the model or,
 * where the model does not answer in time, by loudness.
 */
export class DetectedStream implements VadStream {
  readonly #ends: StreamEnds;
  readonly #window = new Int16Array(WINDOW_SAMPLES);
  readonly #energy = new EnergyVad();
  readonly #onset = new SoundOnset();
  readonly #loudness = new Float32Array(MOST_WAITING);
  readonly #endAt = new Float64Array(MOST_WAITING);
  readonly #soundAt = new Float64Array(MOST_WAITING);
  #filled = 0;
  #submitted = 0;
  #judged = 0;
  #onLoudness = false;

  constructor(ends: StreamEnds) {
    this.#ends = ends;
  }

  get onLoudness(): boolean {
    return this.#onLoudness;
  }

  push(frame: Int16Array, at: Ms): void {
    let taken = 0;
    while (taken < frame.length) {
      const part = frame.subarray(taken, taken + WINDOW_SAMPLES - this.#filled);
      this.#window.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled === WINDOW_SAMPLES) this.#take(at);
    }
  }

  /** The model's word on a window. It comes too late when loudness had the say already. */
  answer(ordinal: number, probability: number): void {
    if (ordinal !== this.#judged) return;
    this.#onLoudness = false;
    this.#judge(probability);
  }

  /** Judges by loudness whatever is not judged yet. */
  fallBack(): void {
    while (this.#judged < this.#submitted) this.#judgeByLoudness();
  }

  close(): void {
    this.#judged = Infinity; // nothing is said any more, not even what is on its way
    this.#ends.close();
  }

  #take(at: Ms): void {
    this.#filled = 0;
    if (this.#submitted - this.#judged === MOST_WAITING) this.#judgeByLoudness();
    const ordinal = this.#submitted++;
    const slot = ordinal & (MOST_WAITING - 1);
    const loudness = this.#energy.probability(this.#window);
    this.#loudness[slot] = loudness;
    this.#endAt[slot] = at;
    this.#soundAt[slot] = this.#onset.take(loudness, at) ?? NaN;
    if (!this.#ends.submit(ordinal, this.#window)) this.fallBack();
  }

  #judgeByLoudness(): void {
    this.#onLoudness = true;
    this.#ends.fellBack();
    this.#judge(this.#loudness[this.#judged & (MOST_WAITING - 1)] ?? 0);
  }

  #judge(probability: number): void {
    const slot = this.#judged & (MOST_WAITING - 1);
    const [windowEndAt = 0, soundAt = NaN] = [this.#endAt[slot], this.#soundAt[slot]];
    this.#judged++;
    try {
      this.#ends.deliver(probability, windowEndAt, Number.isNaN(soundAt) ? null : soundAt);
    } catch (error) {
      this.#ends.failed(error);
    }
  }
}
