/** Rates of the media stream; all are brought down to the one that a phone line fills. */
export type ToneSampleRate = 8000 | 16000 | 24000;

const RATE_HZ = 8_000;
/** 20 ms at 8 kHz: bins of 50 Hz. */
const SAMPLES = 160;
const BIN_HZ = RATE_HZ / SAMPLES;
/** Voicemail beeps lie between 400 and 2,100 Hz; one bin more on each side, so that a tone at the edge has its neighbours. */
const FIRST_BIN = 7;
const LAST_BIN = 43;
const LOWEST_HZ = 390;
const HIGHEST_HZ = 2_110;

/** Softer than this is no beep: -46 dB of full scale, the mean square of a sample. */
const QUIETEST_POWER = 32_768 ** 2 / 10 ** 4.6;
/** Under a Hann window a tone between two bins still has 1 in 300 of its power beyond the second neighbour. */
const NEIGHBOURS = 2;
/** Share of the frame's energy in the tone and its neighbours. A pure tone has all of it, at 5 dB over white noise three quarters. */
const CONCENTRATION = 0.7;
/** The strongest bin that is not the tone's own has at most this share of its power: noise at 5 dB stays below, overtones of a voice and the second tone of a DTMF digit (0.16 at 8 dB) do not. */
const SECOND_PEAK = 0.1;
/** Loudest to softest quarter of the frame. Two tones that beat (ringback: 440 + 480, 400 + 450 Hz) and voices at their pitch swing far more. */
const QUARTER_SWING = 2.6;
const QUARTERS = 4;

export interface FrameMeasure {
  /** Of full scale. */
  levelDb: number;
  /** The one tone that fills the frame, or null where there is none. */
  tone: { hertz: number; /** All that sounds beside it, of full scale. */ restDb: number } | null;
}

/**
 * Says of one 20 ms frame whether it holds a single steady tone, and at what pitch: the frame's evenness first, which most speech fails, then
 * a Goertzel bank over a Hann window. Keeps its buffers, so a frame allocates only its answer.
 */
export class SingleToneMeter {
  private readonly factor: number;
  private readonly samples = new Float64Array(SAMPLES);
  private readonly powers = new Float64Array(LAST_BIN + 2);

  constructor(sampleRate: ToneSampleRate) {
    this.factor = sampleRate / RATE_HZ;
  }

  /** `frame` is 20 ms; a shorter or longer one throws a RangeError. */
  measure(frame: Int16Array): FrameMeasure {
    if (frame.length !== SAMPLES * this.factor) throw new RangeError(`a frame of ${frame.length} samples is not 20 ms`);
    const power = this.bringDown(frame);
    const levelDb = 10 * Math.log10(power / 32_768 ** 2 + 1e-12);
    if (power < QUIETEST_POWER || !this.isEven()) return { levelDb, tone: null };
    return { levelDb, tone: this.singleTone(levelDb) };
  }

  /** To 8 kHz by averaging neighbours, without its direct part. Answers the mean square. */
  private bringDown(frame: Int16Array): number {
    const { factor, samples } = this;
    let sum = 0;
    for (let at = 0, from = 0; at < SAMPLES; at++) {
      let value = 0;
      for (let part = 0; part < factor; part++) value += frame[from++] ?? 0;
      samples[at] = value / factor;
      sum += value / factor;
    }
    const mean = sum / SAMPLES;
    let energy = 0;
    for (let at = 0; at < SAMPLES; at++) {
      const value = (samples[at] ?? 0) - mean;
      samples[at] = value;
      energy += value * value;
    }
    return energy / SAMPLES;
  }

  private isEven(): boolean {
    let softest = Infinity;
    let loudest = 0;
    for (let quarter = 0, at = 0; quarter < QUARTERS; quarter++) {
      let energy = 0;
      for (const end = at + SAMPLES / QUARTERS; at < end; at++) energy += (this.samples[at] ?? 0) ** 2;
      softest = Math.min(softest, energy);
      loudest = Math.max(loudest, energy);
    }
    return loudest <= softest * QUARTER_SWING;
  }

  private singleTone(levelDb: number): FrameMeasure['tone'] {
    const energy = this.window();
    this.fillPowers();
    const { powers } = this;
    let peak = FIRST_BIN;
    for (let bin = FIRST_BIN; bin <= LAST_BIN; bin++) if (at(powers, bin) > at(powers, peak)) peak = bin;
    let own = 0;
    for (let bin = peak - NEIGHBOURS; bin <= peak + NEIGHBOURS; bin++) own += at(powers, bin);
    // half of Parseval's sum: the bank looks at positive frequencies only
    const share = own / (energy * (SAMPLES / 2));
    if (share < CONCENTRATION) return null;
    for (let bin = FIRST_BIN; bin <= LAST_BIN; bin++) {
      if (Math.abs(bin - peak) > NEIGHBOURS && at(powers, bin) > SECOND_PEAK * at(powers, peak)) return null;
    }
    const hertz = pitch(powers, peak);
    if (hertz < LOWEST_HZ || hertz > HIGHEST_HZ) return null;
    return { hertz, restDb: levelDb + 10 * Math.log10(Math.max(1e-6, 1 - share)) };
  }

  /** Puts the Hann window over the samples; answers the energy under it. */
  private window(): number {
    let energy = 0;
    for (let index = 0; index < SAMPLES; index++) {
      const value = at(this.samples, index) * at(HANN, index);
      this.samples[index] = value;
      energy += value * value;
    }
    return energy;
  }

  /** Three bins at a time: one alone waits for its own last result at every sample, so that three cost hardly more. */
  private fillPowers(): void {
    for (let bin = FIRST_BIN - 1; bin <= LAST_BIN + 1; bin += 3) {
      const [one, two, three] = [at(COEFFICIENTS, bin), at(COEFFICIENTS, bin + 1), at(COEFFICIENTS, bin + 2)];
      let [before1, last1, before2, last2, before3, last3] = [0, 0, 0, 0, 0, 0];
      for (let index = 0; index < SAMPLES; index++) {
        const sample = at(this.samples, index);
        const next1 = sample + one * last1 - before1;
        const next2 = sample + two * last2 - before2;
        const next3 = sample + three * last3 - before3;
        before1 = last1;
        before2 = last2;
        before3 = last3;
        last1 = next1;
        last2 = next2;
        last3 = next3;
      }
      this.powers[bin] = power(one, before1, last1);
      this.powers[bin + 1] = power(two, before2, last2);
      this.powers[bin + 2] = power(three, before3, last3);
    }
  }
}

function power(coefficient: number, before: number, last: number): number {
  return last * last + before * before - coefficient * last * before;
}

/** Between bins, by the two strongest: under a Hann window their amplitudes tell exactly where a pure tone lies. */
function pitch(powers: Float64Array, peak: number): number {
  const up = at(powers, peak + 1) >= at(powers, peak - 1);
  const ratio = Math.sqrt(Math.max(at(powers, peak + 1), at(powers, peak - 1)) / at(powers, peak));
  const offset = (2 * ratio - 1) / (ratio + 1);
  return (peak + (up ? offset : -offset)) * BIN_HZ;
}

const HANN = Float64Array.from({ length: SAMPLES }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / SAMPLES));
const COEFFICIENTS = Float64Array.from({ length: LAST_BIN + 2 }, (_, bin) => 2 * Math.cos((2 * Math.PI * bin) / SAMPLES));

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
