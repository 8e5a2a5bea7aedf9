/** Taps of the prototype low pass at 48 kHz: half of them per output sample. Enough for −50 dB above 9 kHz, which speech does not miss. */
const TAPS = 48;

/** Below half of the lower rate, so that what lies above does not fold back into the voice. */
const CUTOFF = 7_300 / 48_000;

/**
 * 24 kHz to 16 kHz, by 2/3: a polyphase filter, that is a low pass on the threefold-thinned, twofold-filled signal, of which only the taps that
 * meet a real sample are worked out. Windowed sinc (Blackman); see Smith, The Scientist and Engineer's Guide to DSP, chapter 16.
 */
export class Downsampler {
  private static readonly phases = [phase(0), phase(1)] as const;
  private readonly history = new Float32Array(TAPS / 2);
  /** Position of the next output sample on the 48 kHz grid, relative to the next input sample. */
  private position = 0;

  process(input: Int16Array): Int16Array {
    const past = this.history.length;
    const samples = new Float32Array(past + input.length);
    samples.set(this.history);
    samples.set(input, past);
    const output = new Int16Array(Math.ceil((input.length * 2 - this.position) / 3));
    for (let index = 0; index < output.length; index += 1) {
      output[index] = filter(Downsampler.phases[this.position % 2 === 0 ? 0 : 1], samples, past + (this.position >> 1));
      this.position += 3;
    }
    this.position -= input.length * 2;
    this.history.set(samples.subarray(samples.length - past));
    return output;
  }
}

function filter(taps: Float32Array, samples: Float32Array, newest: number): number {
  let sum = 0;
  for (let tap = 0; tap < taps.length; tap += 1) sum += (taps[tap] ?? 0) * (samples[newest - tap] ?? 0);
  return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
}

/** Every second tap of the prototype; times two, for the sample in two that is filled with zero. */
function phase(first: 0 | 1): Float32Array {
  return Float32Array.from({ length: TAPS / 2 }, (_, tap) => 2 * prototype(first + 2 * tap));
}

function prototype(index: number): number {
  const x = index - (TAPS - 1) / 2;
  const sinc = Math.sin(2 * Math.PI * CUTOFF * x) / (Math.PI * x);
  const turn = (2 * Math.PI * index) / (TAPS - 1);
  return sinc * (0.42 - 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn));
}
