// taken out once: under Jest each look at a global costs more than the arithmetic
const { PI, abs, cos, exp, floor, imul, log, max, min, round, sin, sqrt } = Math;

/** Sounds as a phone line carries them, made by formula: 16-bit, any rate, seeded. */
export type Random = () => number;
/** The sample at a time in seconds. */
export type Signal = (seconds: number) => number;

/** mulberry32 */
export function seeded(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function sine(hertz: number, fromMs: number, toMs: number, amplitude = 6_000): Signal {
  return (seconds) => (seconds * 1_000 >= fromMs && seconds * 1_000 < toMs ? amplitude * sin(2 * PI * hertz * seconds) : 0);
}

export const mixed =
  (...signals: Signal[]): Signal =>
  (seconds) =>
    signals.reduce((sum, signal) => sum + signal(seconds), 0);

/** White, of the given effective amplitude. */
export function noise(amplitude: number, random: Random): Signal {
  return () => amplitude * sqrt(-2 * log(1 - random())) * cos(2 * PI * random());
}

/** Frames of 20 ms. */
export function framesOf(signal: Signal, sampleRate: number, durationMs: number): Int16Array[] {
  const samples = sampleRate / 50;
  return Array.from({ length: floor(durationMs / 20) }, (_frame, frame) =>
    Int16Array.from({ length: samples }, (_, at) => max(-32_768, min(32_767, signal((frame * samples + at) / sampleRate)))),
  );
}

const VOWELS = [
  [730, 1_090, 2_440],
  [270, 2_290, 3_010],
  [300, 870, 2_240],
  [530, 1_840, 2_480],
  [570, 840, 2_410],
  [490, 1_350, 1_690],
] as const;

/**
 * Something like speech at 8 kHz: pulses of a pitch that glides, through the resonances of vowels, with hisses and pauses between syllables. Some are sung:
 * the pitch only trembles, by the one in a hundred that no voice is without. For the ear it is nonsense, for a tone detector it is hard enough.
 */
export function speechLike(random: Random, durationMs: number): Int16Array[] {
  const rateHz = 8_000;
  const samples: number[] = [];
  const basePitch = 85 + 315 * random();
  const sung = random() < 0.25;
  while (samples.length < (durationMs * rateHz) / 1_000) {
    const length = round(rateHz * (0.08 + 0.3 * random()));
    const kind = random();
    if (kind < 0.15) samples.push(...new Array<number>(length).fill(0));
    else if (kind < 0.3) samples.push(...Array.from({ length: length >> 1 }, () => 3_000 * (random() - 0.5)));
    else samples.push(...syllable(random, { rateHz, length, basePitch, sung }));
  }
  const pcm = Int16Array.from(samples, (sample) => max(-32_768, min(32_767, sample + 20 * (random() - 0.5))));
  return Array.from({ length: floor(durationMs / 20) }, (_, frame) => pcm.subarray(frame * 160, frame * 160 + 160));
}

function syllable(
  random: Random,
  { rateHz, length, basePitch, sung }: { rateHz: number; length: number; basePitch: number; sung: boolean },
): number[] {
  const formants = VOWELS[floor(random() * VOWELS.length)] ?? VOWELS[0];
  const filters = formants.map((hertz, index) => resonator(hertz, 60 + 40 * index, rateHz));
  const glide = sung ? 0 : (random() - 0.5) * 0.4;
  const breath = 0.01 + 0.05 * random();
  const trembles = 2 * PI * random();
  let phase = 0;
  const sounded = Array.from({ length }, (_, at) => {
    const tremor = 0.01 * sin((2 * PI * 5.5 * at) / rateHz + trembles);
    phase += (basePitch * (1 + (glide * at) / length + tremor)) / rateHz;
    const pulse = phase >= 1 ? 1 : breath * (random() - 0.5);
    phase %= 1;
    return filters.reduce((sum, filter, index) => sum + filter(pulse) / (1 + index), 0);
  });
  const loudest = max(...sounded.map(abs), 1e-9);
  return sounded.map((sample, at) => (8_000 * sample * min(1, at / 200, (length - at) / 200)) / loudest);
}

function resonator(hertz: number, widthHz: number, rateHz: number): (input: number) => number {
  const radius = exp((-PI * widthHz) / rateHz);
  const first = 2 * radius * cos((2 * PI * hertz) / rateHz);
  let [last, before] = [0, 0];
  return (input) => {
    const output = input + first * last - radius * radius * before;
    [last, before] = [output, last];
    return output;
  };
}
