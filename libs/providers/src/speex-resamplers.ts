import type { Resampler, ResamplerEngine } from '@carillon/pipeline';
import type { SpeexModule } from '@echogarden/speex-resampler-wasm/simd';

export type { Resampler, ResamplerEngine };

/**
 * Of SpeexDSP's 0 to 10: flat to 6.5 kHz, −84 dB where the upper rate would fold into the voice, 2 ms late, 4 µs for 20 ms (docs/adr/0011). 3 dulls
 * what is above 6.5 kHz, 5 is half a millisecond later and nobody hears the difference.
 */
const QUALITY = 4;

/** Input samples at a time: 40 ms at 24 kHz, twice a carrier's frame. */
const BLOCK_SAMPLES = 960;

const BYTES_PER_SAMPLE = 2;
const BYTES_PER_COUNT = 4;
const NOTHING = new Int16Array();

/** Resampling by SpeexDSP, compiled to WebAssembly: one module for the process, and in it a state of some 2 kB for each direction of a call. */
export class SpeexResamplers implements ResamplerEngine {
  private constructor(private readonly speex: SpeexModule) {}

  /** Compiles the module: some 5 ms, once. */
  static async load(): Promise<SpeexResamplers> {
    const { default: instantiate } = await import('@echogarden/speex-resampler-wasm/simd');
    return new SpeexResamplers(await instantiate());
  }

  /** What the module has taken: it grows with those that are open at a time, and never shrinks. */
  get memoryBytes(): number {
    return this.speex.HEAPU8.length;
  }

  open(fromHz: number, toHz: number): Resampler {
    return new SpeexResampler(this.speex, fromHz, toHz);
  }
}

class SpeexResampler implements Resampler {
  private readonly outputSamples: number;
  private readonly state: number;
  /** One piece of memory for all that goes in and out: both counts, then input, then output. */
  private readonly memory: number;
  private closed = false;

  constructor(
    private readonly speex: SpeexModule,
    fromHz: number,
    toHz: number,
  ) {
    this.outputSamples = Math.ceil((BLOCK_SAMPLES * toHz) / fromHz) + 1;
    this.memory = speex._malloc(2 * BYTES_PER_COUNT + (BLOCK_SAMPLES + this.outputSamples) * BYTES_PER_SAMPLE);
    // where the counts are is room for the error code, which tells no more than that there is no state
    this.state = this.memory === 0 ? 0 : speex._speex_resampler_init(1, fromHz, toHz, QUALITY, this.memory);
    if (this.state !== 0) return;
    if (this.memory !== 0) speex._free(this.memory);
    throw new Error('A resampler could not be opened');
  }

  process(pcm: Int16Array): Int16Array {
    if (this.closed || pcm.length === 0) return NOTHING;
    let [output, taken] = this.processBlock(pcm.subarray(0, BLOCK_SAMPLES));
    for (let at = taken; at < pcm.length; at += taken) {
      let more: Int16Array;
      [more, taken] = this.processBlock(pcm.subarray(at, at + BLOCK_SAMPLES));
      output = joined(output, more);
    }
    return output;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.speex._speex_resampler_destroy(this.state);
    this.speex._free(this.memory);
  }

  /** What came of it, and how many of its samples were taken. */
  private processBlock(block: Int16Array): [Int16Array, number] {
    const { speex, memory, state } = this;
    const [inputCount, outputCount] = [memory, memory + BYTES_PER_COUNT];
    const input = outputCount + BYTES_PER_COUNT;
    const output = input + BLOCK_SAMPLES * BYTES_PER_SAMPLE;
    speex.HEAP16.set(block, input / BYTES_PER_SAMPLE);
    speex.HEAPU32[inputCount / BYTES_PER_COUNT] = block.length;
    speex.HEAPU32[outputCount / BYTES_PER_COUNT] = this.outputSamples;
    const failure = speex._speex_resampler_process_int(state, 0, input, inputCount, output, outputCount);
    const taken = speex.HEAPU32[inputCount / BYTES_PER_COUNT] ?? 0;
    if (failure !== 0 || taken === 0) throw new Error('Resampling failed');
    const from = output / BYTES_PER_SAMPLE;
    return [speex.HEAP16.slice(from, from + (speex.HEAPU32[outputCount / BYTES_PER_COUNT] ?? 0)), taken];
  }
}

function joined(left: Int16Array, right: Int16Array): Int16Array {
  const both = new Int16Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
