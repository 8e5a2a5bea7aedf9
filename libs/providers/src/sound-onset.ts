import type { Ms } from '@carillon/pipeline';

const WINDOW_MS = 32;
const LOUD_FROM = 0.5;
/** Quiet for so long, a sound is over; the closure before a stop consonant is shorter. */
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
