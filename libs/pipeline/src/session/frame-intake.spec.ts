import { ThinningResamplers } from '@carillon/testing';
import { FrameIntake } from './frame-intake.js';

function intake(audio: Int16Array, pieces: number): Int16Array[] {
  const frames: Int16Array[] = [];
  const target = new FrameIntake(16_000, (frame) => frames.push(frame));
  for (let at = 0; at < audio.length; at += pieces) target.push(audio.subarray(at, at + pieces));
  return frames;
}

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
      const frames = intake(audio, pieces);
      expect(frames.map(({ length }) => length)).toEqual([320, 320, 320, 320, 320]);
      expect(frames.flatMap((frame) => [...frame])).toEqual([...audio]);
    }
  });

  it('at 24 kHz becomes 16 kHz, frame by frame, and gives its resampler back', () => {
    const resamplers = new ThinningResamplers();
    const frames: Int16Array[] = [];
    const target = new FrameIntake(24_000, (frame) => frames.push(frame), resamplers);
    for (let at = 0; at < 4_800; at += 480) target.push(new Int16Array(480).fill(1_000));
    expect(frames.map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 320));
    expect(new Set(frames.flatMap((frame) => [...frame]))).toEqual(new Set([1_000]));
    expect(resamplers.opened).toBe(1);
    target.close();
    expect(resamplers.opened).toBe(0);
  });

  it('at 24 kHz cannot be taken without a resampler', () => {
    expect(() => new FrameIntake(24_000, () => undefined)).toThrow('This line needs a resampler and there is none');
  });
});
