import { FRAME_SAMPLES } from './phone.js';

const MAGIC = [1, -1, -1, 1, 1, 1, -1, 1, -1, -1, -1, 1, -1, 1, 1, -1];
const BITS = 16;
export const CUE_SAMPLES = MAGIC.length + BITS;

/**
 * One frame that nobody can hear, one step of the converter loud, sent right before an utterance: it tells a scripted recogniser which one follows.
 * So its times are positions in the audio, whatever the line and the engine do with time.
 */
export function cueFrame(id: number): Int16Array {
  const frame = new Int16Array(FRAME_SAMPLES);
  frame.set(MAGIC);
  for (let bit = 0; bit < BITS; bit++) frame[MAGIC.length + bit] = (id >> bit) & 1 ? 1 : -1;
  return frame;
}

/** The id of a cue; null for any other frame. */
export function readCue(frame: Int16Array): number | null {
  if (MAGIC.some((sample, at) => frame[at] !== sample)) return null;
  let id = 0;
  for (let bit = 0; bit < BITS; bit++) if (frame[MAGIC.length + bit] === 1) id |= 1 << bit;
  return id;
}
