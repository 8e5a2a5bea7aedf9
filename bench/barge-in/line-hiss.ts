import type { SeededRandom } from '@carillon/simulator/greetings';
import { makeNoise } from '../answering-machine/phone-line.js';
import { CUE_SAMPLES, readCue } from '../voice/cue.js';
import { FRAME_SAMPLES } from '../voice/phone.js';

const FRAME_BYTES = 2 * FRAME_SAMPLES;

/** White noise of one loudness (dBFS) under everything that one phone sends. */
export class LineHiss {
  readonly #noise: Float64Array;
  readonly #gain: number;
  #at = 0;

  constructor(levelDbfs: number, random: SeededRandom) {
    this.#noise = makeNoise('white', [], random);
    this.#gain = 32_768 * 10 ** (levelDbfs / 20);
  }

  /** A frame, base64, with it; silence without a frame. Cues stay what they are. */
  under(data: string | undefined): string {
    const frame = data === undefined ? Buffer.alloc(FRAME_BYTES) : Buffer.from(data, 'base64');
    const samples = new Int16Array(frame.buffer, frame.byteOffset, FRAME_SAMPLES);
    const from = readCue(samples) === null ? 0 : CUE_SAMPLES;
    for (const [at, sample] of samples.entries()) {
      if (at < from) continue;
      const hiss = this.#gain * (this.#noise[this.#at++ % this.#noise.length] ?? 0);
      samples[at] = Math.max(-32_768, Math.min(32_767, Math.round(sample + hiss)));
    }
    return frame.toString('base64');
  }
}
