import { Worker } from 'node:worker_threads';
import { createRealClock } from '@carillon/testing';
import { startSileroThread } from './detector-thread.js';
import { SileroVadEngine } from './silero-vad-engine.js';
import type { VadThreadData } from './silero-vad-thread.js';
import { recordedSpeech } from './testing/recorded-speech.js';
import { RecordingLog } from './testing/recording-log.js';

const CALLS = 60;
const FRAME = 320;
const FRAME_MS = 20;
const clock = createRealClock();
const speech = recordedSpeech('speech-slt');

interface Heard {
  probability: number;
  at: number;
}

/** Calls that all say the same, in real time, until the engine has come where it should. */
class ManyCalls {
  readonly heard: Heard[][] = [];
  pushed = 0;
  readonly #engine: SileroVadEngine;

  constructor(engine: SileroVadEngine) {
    this.#engine = engine;
  }

  async until(condition: () => boolean): Promise<void> {
    const streams = Array.from({ length: CALLS }, () => {
      const heard: Heard[] = [];
      this.heard.push(heard);
      return this.#engine.open((probability, at) => heard.push({ probability, at }));
    });
    const startedAt = clock.now();
    while (!condition()) {
      await new Promise<void>((resolve) => void clock.setTimer(startedAt + this.pushed * FRAME_MS, resolve));
      const start = (this.pushed * FRAME) % (speech.length - FRAME);
      this.pushed++;
      for (const stream of streams) stream.push(speech.subarray(start, start + FRAME), this.pushed * FRAME_MS);
    }
    for (const stream of streams) stream.close();
  }
}

/** The end of each window, as 32 ms are cut out of 20 ms frames. */
function windowEnds(count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.ceil(((index + 1) * 512) / FRAME) * FRAME_MS);
}

function expectEachWindowOnce(calls: ManyCalls): void {
  for (const heard of calls.heard) {
    expect(heard.length).toBeGreaterThan((calls.pushed * FRAME) / 512 - 15); // what is not judged yet at the end: less than half a second
    expect(heard.map(({ at }) => at)).toEqual(windowEnds(heard.length));
  }
}

describe('sixty calls on one voice detector', () => {
  it('live on when its thread is stuck in an inference, and return to the model', async () => {
    let started = 0;
    const stuckOnce = (data: VadThreadData) => {
      const stuck = new URL('./testing/stuck-inference-thread.mjs', import.meta.url);
      return started++ === 0 ? new Worker(stuck, { workerData: { ...data, stuckMs: 2_600 } }) : startSileroThread(data);
    };
    const log = new RecordingLog();
    const engine = new SileroVadEngine({ clock, log, startThread: stuckOnce });
    await engine.ready();
    const calls = new ManyCalls(engine);
    await calls.until(() => {
      const { restarts, lostThreads, callsOnFallback, windows } = engine.statistics();
      return restarts > 0 && lostThreads === 0 && callsOnFallback === 0 && windows > CALLS * 31;
    });
    expectEachWindowOnce(calls);
    expect(calls.heard.every((heard) => heard.slice(-20).some(({ probability }) => probability > 0.5))).toBe(true);
    expect(log.lines.filter(({ level }) => level === 'error').length).toBe(engine.statistics().restarts);
    await engine.close();
    expect(engine.statistics().lostThreads).toBe(0);
  });

  it('live on when its thread dies, and return to the model', async () => {
    const threads: Worker[] = [];
    const startThread = (data: VadThreadData) => {
      const thread = startSileroThread(data);
      threads.push(thread);
      return thread;
    };
    const engine = new SileroVadEngine({ clock, log: new RecordingLog(), startThread });
    await engine.ready();
    const calls = new ManyCalls(engine);
    let ended: Promise<number> | undefined;
    await calls.until(() => {
      const { restarts, callsOnFallback, windows } = engine.statistics();
      if (windows > CALLS * 10) ended ??= threads[0]?.terminate();
      return restarts > 0 && callsOnFallback === 0 && windows > CALLS * 60;
    });
    await ended;
    expectEachWindowOnce(calls);
    await engine.close();
  });
});
