import type { Ms, VadEngine, VadStream } from '@carillon/pipeline';
import { isLoud } from './loudness.js';

const WINDOW_SAMPLES = 512;
const SAMPLES_PER_MS = 16;

/** Hears voice wherever there is loudness, in the windows of the real detector, without its lag. */
export class ScriptedVad implements VadEngine {
  open(onProbability: (probability: number, windowEndAt: Ms) => void): VadStream {
    let samples = 0;
    let loudSamples = 0;
    let open = true;
    const push = (frame: Int16Array, at: Ms): void => {
      const loud = isLoud(frame);
      const rest = Math.max(0, samples + frame.length - WINDOW_SAMPLES);
      const taken = frame.length - rest;
      samples += taken;
      if (loud) loudSamples += taken;
      if (samples < WINDOW_SAMPLES) return;
      const probability = loudSamples * 2 >= WINDOW_SAMPLES ? 0.95 : 0.02;
      samples = rest;
      loudSamples = loud ? rest : 0;
      if (open) onProbability(probability, at - rest / SAMPLES_PER_MS);
    };
    return { push, close: () => void (open = false) };
  }

  async close(): Promise<void> {
    // nothing to let go of
  }
}
