import type { Ms } from '../ports.js';

/**
 * Sound of a voice before the detector is sure of it: a first consonant without voice (sorry, excuse me: up to 120 ms), and then the windows that the
 * model takes, more of them with hiss on the line. A sound that set in earlier is something else, that the voice came on top of.
 */
const LONGEST_LEAD_MS: Ms = 336; // ten windows, and half a frame: arrivals are not even

/** When a voice that was detected from `detectedAt` on set in, by the sound that it is part of. */
export function voiceSetInAt(detectedAt: Ms, soundAt: Ms | null): Ms {
  return soundAt !== null && detectedAt - soundAt <= LONGEST_LEAD_MS ? Math.min(detectedAt, soundAt) : detectedAt;
}
