import { FRAME_SAMPLES } from './phone.js';

/** A sound whose first and last moments are its own: what a synthesiser puts around speech is not. */
export interface SpokenClip {
  pcm: Int16Array;
  /** Multiple of 20. */
  durationMs: number;
  /** Where its first sound is, within the first frame. */
  onsetMs: number;
}

const BLOCK_SAMPLES = 160;
const SAMPLES_PER_MS = 16;
/** Softer than this share of the loudest 10 ms (−26 dB) is before or after the voice. */
const EDGE_SHARE = 0.05;

/** From the first to the last 10 ms that are voice, in whole frames. */
export function trimmedClip(pcm: Int16Array): SpokenClip {
  const levels = Array.from({ length: Math.floor(pcm.length / BLOCK_SAMPLES) }, (_, block) =>
    levelOf(pcm.subarray(block * BLOCK_SAMPLES, (block + 1) * BLOCK_SAMPLES)),
  );
  const voiced = (level: number) => level >= Math.max(...levels) * EDGE_SHARE;
  const first = levels.findIndex(voiced);
  const last = levels.findLastIndex(voiced);
  const samples = pcm.subarray(first * BLOCK_SAMPLES, (last + 1) * BLOCK_SAMPLES);
  const whole = new Int16Array(Math.ceil(samples.length / FRAME_SAMPLES) * FRAME_SAMPLES);
  const padding = whole.length - samples.length;
  whole.set(samples, padding); // ends with its last sound
  return { pcm: whole, durationMs: whole.length / SAMPLES_PER_MS, onsetMs: padding / SAMPLES_PER_MS };
}

function levelOf(block: Int16Array): number {
  let sum = 0;
  for (const sample of block) sum += sample * sample;
  return Math.sqrt(sum / block.length);
}
