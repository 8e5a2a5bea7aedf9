import { AudioBacklog } from './audio-backlog.js';

function frame(value: number, samples = 2): Int16Array {
  return new Int16Array(samples).fill(value);
}

function samples(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(index * 2));
}

describe('the audio that may have to be said again', () => {
  it('is what came, from any position on', () => {
    const backlog = new AudioBacklog(16);
    for (const value of [1, 2, 3]) backlog.append(frame(value));
    expect([backlog.start, backlog.end]).toEqual([0, 12]);
    expect(samples(backlog.read(0, 12))).toEqual([1, 1, 2, 2, 3, 3]);
    expect(samples(backlog.read(4, 8))).toEqual([2, 2]);
  });

  it('loses its beginning when there is too much of it, and stays whole beyond that', () => {
    const backlog = new AudioBacklog(10);
    for (let value = 1; value <= 9; value++) backlog.append(frame(value));
    expect([backlog.start, backlog.end]).toEqual([26, 36]);
    expect(samples(backlog.read(26, 36))).toEqual([7, 8, 8, 9, 9]);
    expect(() => backlog.read(24, 36)).toThrow(RangeError);
  });

  it('keeps the end of a frame that is larger than itself', () => {
    const backlog = new AudioBacklog(8);
    backlog.append(frame(1));
    backlog.append(Int16Array.from([1, 2, 3, 4, 5, 6, 7]));
    expect(samples(backlog.read(backlog.start, backlog.end))).toEqual([4, 5, 6, 7]);
  });

  it('forgets what is not needed any more, and never what has not come yet', () => {
    const backlog = new AudioBacklog(16);
    backlog.append(frame(1));
    backlog.append(frame(2));
    backlog.dropUntil(4);
    backlog.dropUntil(2);
    expect(samples(backlog.read(backlog.start, backlog.end))).toEqual([2, 2]);
    backlog.dropUntil(100);
    expect([backlog.start, backlog.end]).toEqual([8, 8]);
  });

  it('does not change with the buffer of the caller', () => {
    const backlog = new AudioBacklog(16);
    const buffer = new Int16Array(8);
    backlog.append(buffer.subarray(2, 4).fill(5));
    buffer.fill(9);
    expect(samples(backlog.read(0, 4))).toEqual([5, 5]);
  });
});
