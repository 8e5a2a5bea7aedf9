import type { Resampler, ResamplerEngine } from '@carillon/pipeline';

/** Takes the nearest sample before each instant and filters nothing: enough where only lengths and loudness matter. Knows how many are open. */
export class ThinningResamplers implements ResamplerEngine {
  opened = 0;

  open(fromHz: number, toHz: number): Resampler {
    this.opened += 1;
    let taken = 0;
    let given = 0;
    let closed = false;
    return {
      process(pcm) {
        const before = taken;
        taken += pcm.length;
        const first = given;
        given = Math.ceil((taken * toHz) / fromHz);
        return Int16Array.from({ length: given - first }, (_, index) => pcm[Math.floor(((first + index) * fromHz) / toHz) - before] ?? 0);
      },
      close: () => {
        if (!closed) this.opened -= 1;
        closed = true;
      },
    };
  }
}
