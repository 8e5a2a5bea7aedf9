import type { SeededRandom } from '@carillon/simulator/greetings';

/** What the whole bench works at. */
export const RATE_HZ = 16_000;

const FADE_MS = 4;

/** One sine, or several at once, with soft ends as an exchange has them. */
export function tone(hertz: readonly number[], durationMs: number, amplitude: number): Float64Array {
  const samples = Math.round((durationMs * RATE_HZ) / 1_000);
  const fade = (FADE_MS * RATE_HZ) / 1_000;
  return Float64Array.from({ length: samples }, (_, at) => {
    const gain = Math.min(1, at / fade, (samples - at) / fade);
    return hertz.reduce((sum, each) => sum + amplitude * gain * Math.sin((2 * Math.PI * each * at) / RATE_HZ), 0);
  });
}

export const silence = (durationMs: number): Float64Array => new Float64Array(Math.round((durationMs * RATE_HZ) / 1_000));

export function joined(pieces: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

const BEEP_HERTZ = [440, 850, 950, 1_000, 1_400];

/** The beep of a mailbox: mostly one of the usual pitches, 120 to 800 ms. */
export function beep(random: SeededRandom): { pcm: Float64Array; durationMs: number } {
  const hertz = random.chance(0.8) ? random.pick(BEEP_HERTZ) : random.between(420, 2_050);
  const durationMs = random.between(120, 800);
  return { pcm: tone([hertz], durationMs, random.between(2_500, 9_000)), durationMs };
}

/** The tone of a line that is recorded. */
export const lineBeep = (random: SeededRandom): Float64Array => tone([1_400], random.between(180, 260), random.between(2_000, 5_000));

/** The three tones before a carrier's announcement (ITU-T E.180). */
export const informationTones = (): Float64Array =>
  joined([tone([913.8], 276, 5_000), tone([1_370.6], 276, 5_000), tone([1_776.7], 380, 5_000), silence(300)]);

/** A ring or two of the exchange that puts the call through. */
export const ringback = (random: SeededRandom): Float64Array =>
  random.chance(0.5)
    ? joined([tone([440, 480], 1_600, 2_500), silence(500)])
    : joined([tone([400, 450], 400, 2_500), silence(200), tone([400, 450], 400, 2_500), silence(600)]);

const SCALE_HERTZ = [392, 440, 493.9, 523.3, 587.3, 659.3, 784, 880, 987.8, 1_046.5];
const NOTE_FADE_MS = 350;

/** A jingle: half of them plucked, with overtones, half of them flute-like, which is hardest to tell from a beep. */
export function music(random: SeededRandom): Float64Array {
  const flute = random.chance(0.5);
  const notes = Array.from({ length: random.between(5, 10) }, () => {
    const hertz = random.pick(SCALE_HERTZ);
    const durationMs = random.between(140, 420);
    const sound = flute ? tone([hertz], durationMs, 4_500) : tone([hertz, 2 * hertz, 3 * hertz], durationMs, 2_500);
    return flute ? sound : sound.map((sample, at) => sample * Math.exp((-at * 1_000) / RATE_HZ / NOTE_FADE_MS));
  });
  return joined([...notes, silence(300)]);
}
