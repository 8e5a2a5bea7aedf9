import { FrameIntake } from './frame-intake.js';

const sine = (hz: number, sampleRate: number, samples: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, index) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * index) / sampleRate)));

function intake(sampleRate: 16000 | 24000, audio: Int16Array, pieces: number): Int16Array[] {
  const frames: Int16Array[] = [];
  const target = new FrameIntake(sampleRate, (frame) => frames.push(frame));
  for (let at = 0; at < audio.length; at += pieces) target.push(audio.subarray(at, at + pieces));
  return frames;
}

const peak = (frame: Int16Array | undefined): number => Math.max(...(frame ?? []).map(Math.abs));

describe('inbound audio', () => {
  it('of the right size passes through untouched', () => {
    const frame = new Int16Array(320);
    const frames: Int16Array[] = [];
    new FrameIntake(16_000, (taken) => frames.push(taken)).push(frame);
    expect(frames[0]).toBe(frame);
  });

  it('of any size becomes frames of 20 ms', () => {
    const audio = Int16Array.from({ length: 1_600 }, (_, index) => index);
    for (const pieces of [100, 160, 321, 1_600]) {
      const frames = intake(16_000, audio, pieces);
      expect(frames.map(({ length }) => length)).toEqual([320, 320, 320, 320, 320]);
      expect(frames.flatMap((frame) => [...frame])).toEqual([...audio]);
    }
  });

  it('at 24 kHz becomes 16 kHz, frame by frame', () => {
    const frames = intake(24_000, sine(1_000, 24_000, 4_800), 480);
    expect(frames).toHaveLength(10);
    // After the filter has filled up, the tone is what it was: same height, a crossing each half period of 8 samples.
    const tone = frames.slice(2).flatMap((frame) => [...frame]);
    expect(Math.max(...tone)).toBeGreaterThan(9_800);
    expect(Math.max(...tone)).toBeLessThan(10_200);
    const crossings = tone.filter((value, index) => index > 0 && value >= 0 !== (tone[index - 1] ?? 0) >= 0).length;
    expect(crossings).toBeGreaterThanOrEqual(tone.length / 8 - 1);
    expect(crossings).toBeLessThanOrEqual(tone.length / 8 + 1);
  });

  it('at 24 kHz comes out the same however it is cut', () => {
    const audio = sine(440, 24_000, 4_800);
    const whole = intake(24_000, audio, 4_800).flatMap((frame) => [...frame]);
    for (const pieces of [1, 77, 481]) expect(intake(24_000, audio, pieces).flatMap((frame) => [...frame])).toEqual(whole);
  });

  it('loses what 16 kHz cannot hold, instead of folding it into the voice', () => {
    expect(peak(intake(24_000, sine(10_500, 24_000, 4_800), 480).at(-1))).toBeLessThan(10_000 * 0.01);
    expect(peak(intake(24_000, sine(5_500, 24_000, 4_800), 480).at(-1))).toBeGreaterThan(10_000 * 0.9);
  });
});
