import type { Resampler, ResamplerEngine } from '@carillon/providers/resampling';
import { FRAME_SAMPLES, SAMPLE_RATE } from './playout.js';

const SILENCE = new Int16Array(FRAME_SAMPLES);

/** Between the sample rate of a media socket and that of the phones, both ways. */
export class LineRate {
  #up: Resampler | null = null;
  #down: Resampler | null = null;
  /** The end of the last sound, which comes out with the frame behind it, has been sent too. */
  #flushed = true;

  constructor(
    private readonly sampleRate: 16_000 | 24_000,
    private readonly resamplers: ResamplerEngine,
  ) {}

  open(): void {
    this.close();
    if (this.sampleRate === SAMPLE_RATE) return;
    this.#up = this.resamplers.open(SAMPLE_RATE, this.sampleRate);
    this.#down = this.resamplers.open(this.sampleRate, SAMPLE_RATE);
  }

  /** A frame of the callee; null is silence, also of what comes out. */
  toServer(frame: Int16Array | null): Int16Array | null {
    if (this.#up === null || (frame === null && this.#flushed)) return frame;
    this.#flushed = frame === null;
    return this.#up.process(frame ?? SILENCE);
  }

  toPhone(pcm: Int16Array): Int16Array {
    return this.#down === null ? pcm : this.#down.process(pcm);
  }

  close(): void {
    this.#up?.close();
    this.#down?.close();
    this.#up = null;
    this.#down = null;
    this.#flushed = true;
  }
}
