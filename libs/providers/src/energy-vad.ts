/** Speech stands this far above the line's own noise, at the least. */
const SPEECH_OVER_NOISE_DB = 12;

/** How steep the step from "no" to "yes" is. */
const SOFTNESS_DB = 3;

/** A line is never quieter than its codec's noise, and noise louder than this is not told from speech by loudness. */
const QUIETEST_DB = -70;
const LOUDEST_NOISE_DB = -40;

/** The noise estimate follows a fall at once and a rise slowly, so that speech does not become noise. Per window of 32 ms. */
const NOISE_RISE_DB = 0.1;

/** Tells speech by loudness alone: what calls go on with while the real detector is away. One per stream. */
export class EnergyVad {
  #noiseDb = -55;

  probability(window: Int16Array): number {
    const levelDb = Math.max(QUIETEST_DB, decibels(window));
    this.#noiseDb = Math.min(levelDb, this.#noiseDb + NOISE_RISE_DB, LOUDEST_NOISE_DB);
    return 1 / (1 + Math.exp(-(levelDb - this.#noiseDb - SPEECH_OVER_NOISE_DB) / SOFTNESS_DB));
  }
}

/** Loudness relative to full scale. */
function decibels(window: Int16Array): number {
  let sum = 0;
  for (const sample of window) sum += sample * sample;
  return 10 * Math.log10(sum / window.length / 32_768 ** 2 + 1e-12);
}
