import type { Resampler, ResamplerEngine } from '../ports.js';

/** What voice detection and recognition take: frames of 20 ms at 16 kHz. */
const INTAKE_RATE_HZ = 16_000;
export const INTAKE_SAMPLES = 320;

/**
 * Brings inbound audio into frames of 20 ms at 16 kHz. A carrier's 16 kHz frame of the right size, the usual case, passes through as it is.
 */
export class FrameIntake {
  private readonly resampler: Resampler | null;
  private carry: Int16Array = new Int16Array(INTAKE_SAMPLES);
  private carried = 0;

  constructor(
    sampleRate: 16000 | 24000,
    private readonly sink: (frame: Int16Array) => void,
    resamplers?: ResamplerEngine,
  ) {
    this.resampler = sampleRate === INTAKE_RATE_HZ ? null : openResampler(sampleRate, resamplers);
  }

  push(pcm: Int16Array): void {
    const samples = this.resampler === null ? pcm : this.resampler.process(pcm);
    if (this.carried === 0 && samples.length === INTAKE_SAMPLES) return this.sink(samples);
    let offset = 0;
    while (offset < samples.length) {
      const part = samples.subarray(offset, offset + INTAKE_SAMPLES - this.carried);
      this.carry.set(part, this.carried);
      this.carried += part.length;
      offset += part.length;
      if (this.carried === INTAKE_SAMPLES) this.flush();
    }
  }

  close(): void {
    this.resampler?.close();
  }

  private flush(): void {
    const frame = this.carry;
    this.carry = new Int16Array(INTAKE_SAMPLES);
    this.carried = 0;
    this.sink(frame);
  }
}

function openResampler(sampleRate: number, resamplers: ResamplerEngine | undefined): Resampler {
  if (resamplers === undefined) throw new Error('This line needs a resampler and there is none');
  return resamplers.open(sampleRate, INTAKE_RATE_HZ);
}
