import fc from 'fast-check';
import { FRAME_SAMPLES, Playout } from './playout.js';
import { SampleQueue } from './sample-queue.js';

const speech = (ms: number) => new Int16Array(ms * 16).fill(1_000);
const play = (playout: Playout, frames: number) => Array.from({ length: frames }, () => playout.nextFrame());

describe('the play-out of a call', () => {
  it('plays chunks of any length as frames of 20 ms, then silence', () => {
    const playout = new Playout(30_000);
    playout.receive(speech(30));
    const [first, second, third] = play(playout, 3);
    expect(first).toEqual(new Int16Array(FRAME_SAMPLES).fill(1_000));
    expect([...(second ?? [])].filter((sample) => sample !== 0)).toHaveLength(160);
    expect(third).toEqual(new Int16Array(FRAME_SAMPLES));
    expect(playout.statistics).toMatchObject({ receivedMs: 30, playedMs: 30, underruns: 0, maxDepthMs: 30 });
  });

  it('is emptied by StopAudio', () => {
    const playout = new Playout(30_000);
    playout.receive(speech(1_000));
    play(playout, 10);
    playout.stop();
    expect(play(playout, 1)).toEqual([new Int16Array(FRAME_SAMPLES)]);
    expect(playout.statistics).toMatchObject({ playedMs: 200, stoppedMs: 800, stops: 1 });
  });

  it('drops what does not fit, and says how much', () => {
    const playout = new Playout(1_000);
    playout.receive(speech(1_500));
    expect(playout.statistics).toMatchObject({ overflowMs: 500, maxDepthMs: 1_000 });
  });

  it.each([
    ['no gap', 0, 0],
    ['a stutter of one frame', 1, 1],
    ['a stutter of 200 ms', 10, 1],
    ['a pause of 220 ms', 11, 0],
    ['a pause of a second', 50, 0],
  ])('%s between two chunks', (_name, gapFrames, underruns) => {
    const playout = new Playout(30_000);
    playout.receive(speech(100));
    play(playout, 5 + gapFrames);
    playout.receive(speech(100));
    play(playout, 30);
    expect(playout.statistics.underruns).toBe(underruns);
  });

  it('does not call the silence after a StopAudio a stutter', () => {
    const playout = new Playout(30_000);
    playout.receive(speech(100));
    play(playout, 2);
    playout.stop();
    play(playout, 2);
    playout.receive(speech(100));
    play(playout, 5);
    expect(playout.statistics.underruns).toBe(0);
  });
});

it('a queue of samples gives back what it was given, in order, whatever the lengths', () => {
  fc.assert(
    fc.property(fc.array(fc.int16Array({ maxLength: 50 })), fc.integer({ min: 1, max: 40 }), (chunks, frameLength) => {
      const queue = new SampleQueue(Infinity);
      for (const chunk of chunks) queue.push(chunk);
      const all: number[] = [];
      while (queue.length > 0) {
        const frame = new Int16Array(frameLength);
        all.push(...frame.subarray(0, queue.pull(frame)));
      }
      expect(all).toEqual(chunks.flatMap((chunk) => [...chunk]));
    }),
  );
});
