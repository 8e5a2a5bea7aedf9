import type { Ms } from '@carillon/pipeline';
import { WINDOW_SAMPLES } from './vad-ring.js';

const WINDOW_MS = WINDOW_SAMPLES / 16;
const LOUD_FROM = 0.5;
/** Quiet for longer, a sound is over; the closure before a stop consonant is not. */
const LONGEST_GAP_WINDOWS = 1;

/** Since when a line has not been silent, by loudness alone: one per stream. */
export class SoundOnset {
  #since: Ms | null = null;
  #quietWindows = 0;

  /** One window, how likely it is voice by loudness (0–1), and when its last sample came in. Answers when the sound that goes on set in. */
  take(loudness: number, windowEndAt: Ms): Ms | null {
    if (loudness >= LOUD_FROM) {
      this.#since ??= windowEndAt - WINDOW_MS;
      this.#quietWindows = 0;
    } else if (++this.#quietWindows > LONGEST_GAP_WINDOWS) {
      this.#since = null;
    }
    return this.#since;
  }
}
