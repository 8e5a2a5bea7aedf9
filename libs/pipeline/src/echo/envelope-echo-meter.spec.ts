import fc from 'fast-check';
import { EnvelopeEchoMeter } from './envelope-echo-meter.js';

const RATE = 16_000;
const FRAME = 320;
const FRAME_MS = 20;
/** How far ahead of the ear our frames are sent. */
const LEAD_FRAMES = 15;
const ECHO = 0.5;

/** The same numbers for the same seed. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Syllables of 60 to 240 ms, dull and sharp ones, of different loudness, with pauses between some: what the envelope of speech looks like. */
function speech(seed: number, seconds: number, level: number): Float32Array {
  const random = noise(seed);
  const line = new Float32Array(seconds * RATE);
  for (let at = 0; at < line.length;) {
    const length = Math.round((0.06 + 0.18 * random()) * RATE);
    const loudness = random() < 0.2 ? 0 : level * (0.15 + 0.85 * random());
    const sharpness = random();
    let before = 0;
    for (let index = 0; index < length && at + index < line.length; index += 1) {
      const white = 2 * random() - 1;
      before = sharpness * white + (1 - sharpness) * (0.9 * before + 0.1 * white);
      line[at + index] = loudness * Math.sin((Math.PI * index) / length) * before;
    }
    at += length;
  }
  return line;
}

const silence = (seconds: number): Float32Array => new Float32Array(seconds * RATE);

/** `line`, `delayMs` later and softer, with what a room adds to it. */
function echoOf(line: Float32Array, delayMs: number, gain: number): Float32Array {
  const delay = (delayMs * RATE) / 1000;
  return line.map((_, at) => gain * ((line[at - delay] ?? 0) + 0.4 * (line[at - delay - 90] ?? 0) + 0.3 * (line[at - delay - 700] ?? 0)));
}

const mixed = (left: Float32Array, right: Float32Array): Float32Array => left.map((sample, at) => sample + (right[at] ?? 0));

/** What the meter says, frame by frame, while `ours` is played and `theirs` comes in. */
function measure(ours: Float32Array, theirs: Float32Array): number[] {
  const meter = new EnvelopeEchoMeter(RATE);
  const frameAt = (line: Float32Array, frame: number) => Int16Array.from(line.subarray(frame * FRAME, (frame + 1) * FRAME));
  return Array.from({ length: theirs.length / FRAME }, (_, frame) => {
    const sent = frame + LEAD_FRAMES;
    if (sent * FRAME < ours.length) meter.played(frameAt(ours, sent), sent * FRAME_MS);
    return meter.heard(frameAt(theirs, frame), (frame + 1) * FRAME_MS);
  });
}

const between = (likely: readonly number[], fromS: number, toS: number): number[] => likely.slice(fromS * 50, toS * 50);
const share = (likely: readonly number[]): number => likely.filter((value) => value >= ECHO).length / Math.max(1, likely.length);

describe('our own words that come back', () => {
  it.each([
    [120, 0.3],
    [300, 0.1],
    [700, 0.3],
  ])('after %i ms at a gain of %d are known for our own within some seconds', (delayMs, gain) => {
    const ours = speech(7, 20, 12_000);
    const likely = measure(ours, echoOf(ours, delayMs, gain));
    const loud = between(likely, 8, 20);
    expect(share(loud)).toBeGreaterThan(0.6); // the rest are pauses, in which nothing comes back
    expect(share(between(likely, 0, 1))).toBe(0);
  });

  it('are known at 24 kHz as well', () => {
    const ours = speech(3, 12, 12_000);
    const meter = new EnvelopeEchoMeter(24_000);
    const back = echoOf(ours, 200, 0.3);
    const likely = Array.from({ length: back.length / FRAME }, (_, frame) => {
      const played = Int16Array.from({ length: 480 }, (_unused, index) => ours[frame * FRAME + Math.floor((index * 2) / 3)] ?? 0);
      meter.played(played, frame * FRAME_MS);
      return meter.heard(Int16Array.from(back.subarray(frame * FRAME, (frame + 1) * FRAME)), (frame + 1) * FRAME_MS);
    });
    expect(share(between(likely, 8, 12))).toBeGreaterThan(0.5);
  });
});

describe('a person', () => {
  it('who speaks while nothing of ours can come back is a person, however strong the echo was', () => {
    const ours = mixed(speech(7, 20, 12_000).fill(0, 10 * RATE), silence(20));
    const theirs = mixed(echoOf(ours, 200, 0.3), speech(8, 20, 9_000).fill(0, 0, 11.5 * RATE));
    const likely = measure(ours, theirs);
    expect(share(between(likely, 6, 10))).toBeGreaterThan(0.5);
    expect(share(between(likely, 12, 20))).toBe(0);
  });

  it('who speaks over an echo is heard through it', () => {
    const ours = speech(7, 20, 12_000);
    const theirs = mixed(echoOf(ours, 200, 0.1), speech(8, 20, 9_000).fill(0, 0, 10 * RATE));
    const likely = measure(ours, theirs);
    expect(share(between(likely, 6, 10))).toBeGreaterThan(0.5);
    expect(share(between(likely, 10.2, 20))).toBeLessThan(0.1);
  });

  it('who talks at the same time as we do, without any echo, is never taken for us', () => {
    for (let seed = 1; seed <= 10; seed += 1) expect(share(measure(speech(seed, 15, 12_000), speech(1_000 + seed, 15, 9_000)))).toBe(0);
  });
});

it('nothing is an echo when nothing was played, and nothing silent is one', () => {
  expect(share(measure(silence(5), speech(1, 5, 9_000)))).toBe(0);
  expect(share(measure(speech(1, 5, 9_000), silence(5)))).toBe(0);
});

it('says a number from 0 to 1, whatever comes in, whenever', () => {
  const event = fc.record({
    played: fc.boolean(),
    level: fc.integer({ min: -32_768, max: 32_767 }),
    waitMs: fc.integer({ min: 0, max: 2_000 }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 100 }), (events) => {
      const meter = new EnvelopeEchoMeter(RATE);
      let now = 0;
      for (const { played, level, waitMs } of events) {
        now += waitMs;
        const frame = new Int16Array(FRAME).fill(level);
        if (played) meter.played(frame, now);
        else {
          const likely = meter.heard(frame, now);
          expect(likely).toBeGreaterThanOrEqual(0);
          expect(likely).toBeLessThanOrEqual(1);
        }
      }
    }),
  );
});
