import type { SeededRandom } from '@carillon/simulator/greetings';
import { RATE_HZ } from './line-sounds.js';

const LOWEST_HZ = 300;
const HIGHEST_HZ = 3_400;
const FULL_SCALE = 32_767;

export type Noise = 'white' | 'hum' | 'babble';

/** What a phone line leaves of a sound: 300–3,400 Hz, some noise, and the coarse steps of mu-law. */
export function throughPhoneLine(clean: Float64Array, noise: Float64Array, snrDb: number): Int16Array {
  const voice = bandPass(clean);
  const disturbance = bandPass(noise);
  const gain = loudness(voice) / (loudness(disturbance) * 10 ** (snrDb / 20));
  return Int16Array.from(voice, (sample, at) => muLaw(sample + gain * (disturbance[at % disturbance.length] ?? 0)));
}

/** Ten seconds of it; the loudness is set by whoever mixes it. `voices` are spoken clips for the babble. */
export function makeNoise(kind: Noise, voices: readonly Int16Array[], random: SeededRandom): Float64Array {
  const samples = 10 * RATE_HZ;
  switch (kind) {
    case 'white':
      return Float64Array.from({ length: samples }, () => normal(random));
    case 'hum':
      return Float64Array.from({ length: samples }, (_, at) => hum(at) + 0.5 * normal(random));
    case 'babble':
      return babble(samples, voices, random);
  }
}

/** Mains at 50 Hz; what passes the band are its harmonics. */
function hum(at: number): number {
  let sum = 0;
  for (let harmonic = 1; harmonic <= 21; harmonic += 2) sum += Math.sin((2 * Math.PI * 50 * harmonic * at) / RATE_HZ) / Math.sqrt(harmonic);
  return sum;
}

function babble(samples: number, voices: readonly Int16Array[], random: SeededRandom): Float64Array {
  const all = new Float64Array(samples);
  for (const voice of voices) {
    const offset = random.between(0, samples - 1);
    for (let at = 0; at < samples; at++) all[at] = (all[at] ?? 0) + (voice[(at + offset) % voice.length] ?? 0);
  }
  return all;
}

function normal(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Mean over what sounds at all, so that pauses do not make speech softer. */
function loudness(samples: Float64Array): number {
  let energy = 0;
  let sounding = 1;
  for (const sample of samples) {
    if (Math.abs(sample) < 1e-3) continue;
    energy += sample * sample;
    sounding += 1;
  }
  return Math.sqrt(energy / sounding) + 1e-9;
}

/** Two second-order filters on each side (Butterworth, by the bilinear transform). */
function bandPass(samples: Float64Array): Float64Array {
  const high = coefficients(LOWEST_HZ, 'high');
  const low = coefficients(HIGHEST_HZ, 'low');
  return [high, high, low, low].reduce(filtered, samples);
}

interface Biquad {
  b: [number, number, number];
  a: [number, number];
}

function coefficients(hertz: number, pass: 'high' | 'low'): Biquad {
  const angle = (2 * Math.PI * hertz) / RATE_HZ;
  const cosine = Math.cos(angle);
  const alpha = Math.sin(angle) / Math.SQRT2;
  const side = pass === 'low' ? 1 - cosine : 1 + cosine;
  const scale = 1 / (1 + alpha);
  const outer = (side / 2) * scale;
  return { b: [outer, (pass === 'low' ? side : -side) * scale, outer], a: [-2 * cosine * scale, (1 - alpha) * scale] };
}

function filtered(samples: Float64Array, { b, a }: Biquad): Float64Array {
  let [in1, in2, out1, out2] = [0, 0, 0, 0];
  return samples.map((sample) => {
    const out = b[0] * sample + b[1] * in1 + b[2] * in2 - a[0] * out1 - a[1] * out2;
    [in2, in1, out2, out1] = [in1, sample, out1, out];
    return out;
  });
}

const MU = 255;

/** There and back through eight bits. */
function muLaw(sample: number): number {
  const share = Math.min(1, Math.abs(sample) / FULL_SCALE);
  const code = Math.round((127 * Math.log1p(MU * share)) / Math.log1p(MU));
  return Math.sign(sample) * Math.round((FULL_SCALE * Math.expm1((code / 127) * Math.log1p(MU))) / MU);
}
