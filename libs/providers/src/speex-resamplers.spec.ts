import type { Resampler } from '@carillon/pipeline';
import { SpeexResamplers } from './speex-resamplers.js';

const AMPLITUDE = 16_000;
const FRAME_MS = 20;

let resamplers: SpeexResamplers;
beforeAll(async () => (resamplers = await SpeexResamplers.load()));

const tone = (hz: number, rateHz: number, samples: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, index) => Math.round(AMPLITUDE * Math.sin((2 * Math.PI * hz * index) / rateHz)));

function inPieces(resampler: Resampler, audio: Int16Array, size: number): Int16Array {
  const pieces: number[] = [];
  for (let at = 0; at < audio.length; at += size) pieces.push(...resampler.process(audio.subarray(at, at + size)));
  resampler.close();
  return Int16Array.from(pieces);
}

/** A second of a tone, frame by frame; without the first half, in which the filter fills up. */
const resampled = (hz: number, fromHz: number, toHz: number): Int16Array =>
  inPieces(resamplers.open(fromHz, toHz), tone(hz, fromHz, fromHz), (fromHz * FRAME_MS) / 1000).subarray(toHz / 2);

/** Loudness against a sine of the amplitude that went in, in dB. */
function loudnessDb(audio: Int16Array): number {
  const meanSquare = audio.reduce((sum, sample) => sum + sample * sample, 0) / audio.length;
  return 10 * Math.log10((2 * meanSquare) / AMPLITUDE ** 2 + 1e-12);
}

/** The same of what is not the tone itself: noise, distortion, images of it. */
function residueDb(audio: Int16Array, hz: number, rateHz: number): number {
  const turn = (index: number): number => (2 * Math.PI * hz * index) / rateHz;
  const [sine, cosine] = [Math.sin, Math.cos].map(
    (wave) => (audio.reduce((sum, sample, at) => sum + sample * wave(turn(at)), 0) * 2) / audio.length,
  );
  return loudnessDb(audio.map((sample, at) => sample - (sine ?? 0) * Math.sin(turn(at)) - (cosine ?? 0) * Math.cos(turn(at))));
}

describe('24 kHz to 16 kHz', () => {
  it.each([100, 300, 1_000, 3_400, 5_000, 6_000, 6_500])('leaves %i Hz as it is, and adds nothing to it', (hz) => {
    const audio = resampled(hz, 24_000, 16_000);
    expect(Math.abs(loudnessDb(audio))).toBeLessThan(0.1);
    expect(residueDb(audio, hz, 16_000)).toBeLessThan(-80);
  });

  it.each([8_100, 8_500, 9_000, 10_000, 11_000, 11_900])('lets nothing of %i Hz fold into the voice', (hz) => {
    expect(loudnessDb(resampled(hz, 24_000, 16_000))).toBeLessThan(-80);
  });

  it('gives a frame for a frame, two milliseconds late', () => {
    const resampler = resamplers.open(24_000, 16_000);
    const click = new Int16Array(480);
    click[0] = 30_000;
    const frames = [click, new Int16Array(480)].map((frame) => resampler.process(frame));
    resampler.close();
    expect(frames.map(({ length }) => length)).toEqual([320, 320]);
    const loudest = frames[0]?.reduce((best, sample, at, all) => (sample > (all[best] ?? 0) ? at : best), 0);
    expect(loudest).toBe(32);
  });

  it('comes out the same however it is cut', () => {
    const audio = tone(440, 24_000, 4_800);
    const whole = inPieces(resamplers.open(24_000, 16_000), audio, 4_800);
    expect(whole).toHaveLength(3_200);
    for (const size of [1, 77, 481, 1_921]) expect(inPieces(resamplers.open(24_000, 16_000), audio, size)).toEqual(whole);
  });

  it('of two calls at once keeps them apart', () => {
    const [low, high] = [tone(300, 24_000, 4_800), tone(3_000, 24_000, 4_800)];
    const alone = inPieces(resamplers.open(24_000, 16_000), low, 480);
    const [one, other] = [resamplers.open(24_000, 16_000), resamplers.open(24_000, 16_000)];
    const together: number[] = [];
    for (let at = 0; at < low.length; at += 480) {
      together.push(...one.process(low.subarray(at, at + 480)));
      other.process(high.subarray(at, at + 480));
    }
    one.close();
    other.close();
    expect(together).toEqual([...alone]);
  });

  it('does not overflow', () => {
    const square = Int16Array.from({ length: 4_800 }, (_, at) => (at % 48 < 24 ? 32_767 : -32_768));
    const audio = inPieces(resamplers.open(24_000, 16_000), square, 480).subarray(320);
    // above and below the middle of each half wave, and nowhere the other sign
    for (let at = 32 + 8; at < audio.length - 32; at += 32) expect(Math.sign(audio[at] ?? 0)).toBe(-Math.sign(audio[at + 16] ?? 0));
  });
});

describe('16 kHz to 24 kHz', () => {
  it.each([300, 3_400, 6_500])('leaves %i Hz as it is, without an image of it above', (hz) => {
    const audio = resampled(hz, 16_000, 24_000);
    expect(Math.abs(loudnessDb(audio))).toBeLessThan(0.1);
    expect(residueDb(audio, hz, 24_000)).toBeLessThan(-80);
  });
});

describe('the memory of a resampler', () => {
  it('is given back when its call is over', () => {
    const open = Array.from({ length: 100 }, () => resamplers.open(24_000, 16_000));
    const { memoryBytes } = resamplers;
    for (const resampler of open) resampler.close();
    for (let call = 0; call < 20_000; call += 1) resamplers.open(24_000, 16_000).close();
    expect(resamplers.memoryBytes).toBe(memoryBytes);
  });

  it("is nobody's afterwards: nothing comes out any more", () => {
    const resampler = resamplers.open(24_000, 16_000);
    resampler.close();
    resampler.close();
    expect(resampler.process(new Int16Array(480))).toHaveLength(0);
  });

  it('is not taken for rates that make no sense', () => {
    expect(() => resamplers.open(0, 16_000)).toThrow('A resampler could not be opened');
  });
});
