import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { VadEngine, VadStream } from '@carillon/pipeline';
import { createRealClock, VirtualClock } from '@carillon/testing';
import { recordedSpeech } from './testing/recorded-speech.js';
import { RecordingLog } from './testing/recording-log.js';
import { startSileroThread } from './detector-thread.js';
import { SileroVadEngine } from './silero-vad-engine.js';

const FRAME = 320;
const silence = new Int16Array(16_000);
const log = new RecordingLog();
const clock = createRealClock();

let engine: SileroVadEngine;

beforeAll(async () => {
  engine = new SileroVadEngine({ clock, log });
  await engine.ready();
});

afterAll(() => engine.close());

interface Judged {
  probability: number;
  at: number;
  soundAt: number | null;
}

/** Feeds both calls frame by frame, in turns, and waits until every window of each is judged. */
async function judge(engine: VadEngine, ...calls: Int16Array[]): Promise<Judged[][]> {
  const results = calls.map((): Judged[] => []);
  const windows = calls.reduce((sum, pcm) => sum + Math.floor((Math.floor(pcm.length / FRAME) * FRAME) / 512), 0);
  let left = windows;
  await new Promise<void>((resolve) => {
    const streams = calls.map((_, call) =>
      engine.open((probability, at, soundAt = null) => {
        results[call]?.push({ probability, at, soundAt });
        if (--left === 0) resolve();
      }),
    );
    const longest = Math.max(...calls.map((pcm) => pcm.length));
    for (let start = 0; start + FRAME <= longest; start += FRAME) {
      calls.forEach((pcm, call) => {
        if (start + FRAME <= pcm.length) streams[call]?.push(pcm.subarray(start, start + FRAME), (start + FRAME) / 16);
      });
    }
  });
  return results;
}

function share(judged: Judged[] | undefined, isSpeech: boolean): number {
  const all = judged ?? [];
  return all.filter(({ probability }) => probability > 0.5 === isSpeech).length / all.length;
}

describe('the Silero voice detector', () => {
  it('tells with each window since when the line has not been silent', async () => {
    const hiss = Int16Array.from({ length: 16_000 }, (_, index) => (index < 8_192 ? 0 : ((index * 7919) % 2003) - 1_000));
    const [heard] = await judge(engine, hiss); // sounds after 512 ms, and is no speech
    const answers = (heard ?? []).map(({ at, soundAt }) => (soundAt === null ? null : at <= 512 ? -1 : soundAt));
    expect(new Set(answers)).toEqual(new Set([null, 528])); // the first loud window is there with the frame of 560
    expect(share(heard, false)).toBe(1);
  });

  it('hears speech in speech and none in silence or hiss', async () => {
    const hiss = Int16Array.from({ length: 16_000 }, (_, index) => ((index * 7919) % 401) - 200);
    const [speech, quiet, noisy] = await judge(engine, recordedSpeech('speech-slt'), silence, hiss);
    expect(share(speech, true)).toBeGreaterThan(0.8);
    expect(share(quiet, false)).toBe(1);
    expect(share(noisy, false)).toBeGreaterThan(0.9);
  });

  it('tells when the last sample of each window arrived', async () => {
    const [quiet] = await judge(engine, silence.subarray(0, 320 * 8));
    expect(quiet?.map(({ at }) => at)).toEqual([40, 80, 100, 140, 160]); // windows of 32 ms out of frames of 20 ms
  });

  it('keeps calls apart: each hears what it would hear alone', async () => {
    const [alone] = await judge(engine, recordedSpeech('speech-slt'));
    const [together, other] = await judge(engine, recordedSpeech('speech-slt'), recordedSpeech('speech-rms'));
    const [otherAlone] = await judge(engine, recordedSpeech('speech-rms'));
    expect(together?.length).toBe(alone?.length);
    const difference = (a: Judged[] | undefined, b: Judged[] | undefined) =>
      Math.max(...(a ?? []).map(({ probability }, index) => Math.abs(probability - (b?.[index]?.probability ?? 9))));
    expect(difference(together, alone)).toBeLessThan(1e-4);
    expect(difference(other, otherAlone)).toBeLessThan(1e-4);
  });

  it('starts each call with a fresh memory, whatever was heard before', async () => {
    const [first] = await judge(engine, recordedSpeech('speech-rms'));
    await judge(engine, recordedSpeech('speech-slt'));
    const [again] = await judge(engine, recordedSpeech('speech-rms'));
    expect(again).toEqual(first);
  });

  it('says nothing more once a call is closed', async () => {
    let heard = 0;
    const closed = engine.open(() => heard++);
    closed.push(recordedSpeech('speech-slt').subarray(0, 3_200), 0);
    closed.close();
    await judge(engine, silence.subarray(0, 3_200));
    expect(heard).toBe(0);
  });

  it('batches the windows of many calls', async () => {
    const before = engine.statistics();
    await judge(engine, ...Array.from({ length: 20 }, () => silence));
    const after = engine.statistics();
    expect((after.windows - before.windows) / (after.batches - before.batches)).toBeGreaterThan(10);
    expect(after.fallbackWindows).toBe(0);
    expect(after.latencyP99Ms).toBeGreaterThan(0);
  });

  it('goes on by loudness when its thread dies, and with a new thread soon after', async () => {
    const threads: Worker[] = [];
    const mortal = new SileroVadEngine({
      clock,
      log,
      startThread: (data) => {
        const thread = startSileroThread(data);
        threads.push(thread);
        return thread;
      },
    });
    await mortal.ready();
    const call = recordedSpeech('speech-slt');
    const heard: number[] = [];
    const stream = mortal.open((probability) => heard.push(probability));
    await threads[0]?.terminate();
    stream.push(call, 3_000);
    expect(heard.length).toBe(Math.floor(call.length / 512));
    expect(heard.filter((probability) => probability > 0.5).length).toBeGreaterThan(heard.length / 2);
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: expect.stringContaining('thread died') as string }),
    );

    while (threads.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await once(threads[1] as Worker, 'message'); // it is ready
    const [judged] = await judge(mortal, call);
    expect(share(judged, true)).toBeGreaterThan(0.8);
    expect(mortal.statistics()).toMatchObject({ restarts: 1, fallbackWindows: heard.length });
    await mortal.close();
  });

  describe('with a thread that hangs', () => {
    const time = new VirtualClock();
    const threads: Worker[] = [];
    const lines = new RecordingLog();
    let stuck: SileroVadEngine;

    /** Silence, as it comes from the carrier. */
    async function feed(stream: VadStream, frames: number): Promise<void> {
      for (let frame = 0; frame < frames; frame++) {
        await time.advance(20);
        stream.push(new Int16Array(FRAME), time.now());
      }
    }

    beforeAll(async () => {
      const hanging = "require('node:worker_threads').parentPort.postMessage('ready'); setInterval(() => undefined, 1000);";
      stuck = new SileroVadEngine({
        clock: time,
        log: lines,
        startThread: () => {
          const thread = new Worker(hanging, { eval: true });
          threads.push(thread);
          return thread;
        },
      });
      await stuck.ready();
    });

    afterAll(async () => {
      const closed = stuck.close();
      await time.advance(2_000); // they do not end when they are asked to
      await closed;
      for (const thread of threads) await thread.terminate();
    });

    it('judges by loudness after a quarter of a second, each window once and in order', async () => {
      const heard: number[] = [];
      const stream = stuck.open((_, at) => heard.push(at));
      await feed(stream, 12);
      expect(heard).toEqual([]);
      await feed(stream, 3);
      expect(heard).toEqual([40, 80, 100, 140, 160, 200, 240, 260, 300]);
      expect(stuck.statistics()).toMatchObject({ windows: 0, fallbackWindows: 9, callsOnFallback: 1, lostThreads: 0 });
      stream.close();
      expect(stuck.statistics().callsOnFallback).toBe(0);
    });

    it('gives it up once after two seconds, never terminates it, and starts no third beside two lost ones', async () => {
      const stream = stuck.open(() => undefined);
      await feed(stream, 100);
      expect(lines.lines.map(({ message }) => message)).toEqual([
        'the voice detector thread is lost: judging by loudness until another is there',
      ]);
      await feed(stream, 6);
      expect(threads.length).toBe(2);
      await once(threads[1] as Worker, 'message'); // it is ready, and hangs
      await feed(stream, 200);
      expect(stuck.statistics()).toMatchObject({ restarts: 1, lostThreads: 2 });
      await feed(stream, 1_000);
      expect(threads.length).toBe(2);
      expect(threads.every(({ threadId }) => threadId > 0)).toBe(true); // both live
    });

    it('starts another when a lost one has ended', async () => {
      await threads[0]?.terminate();
      await time.advance(10_000);
      expect(threads.length).toBe(3);
      expect(stuck.statistics()).toMatchObject({ restarts: 2, lostThreads: 1 });
    });
  });

  it('does not blame the thread when this process itself stood still', async () => {
    const time = new VirtualClock();
    const frozen = new SileroVadEngine({ clock: time, log });
    await frozen.ready();
    const stream = frozen.open(() => undefined);
    stream.push(new Int16Array(512), 0);
    await time.advance(60_000);
    stream.push(new Int16Array(512), 60_000);
    expect(frozen.statistics()).toMatchObject({ lostThreads: 0, restarts: 0 });
    await frozen.close();
  });

  it('tells at start that its model cannot be loaded', async () => {
    const broken = new SileroVadEngine({ clock, log, modelPath: '/nowhere/silero.onnx' });
    await expect(broken.ready()).rejects.toThrow(/silero.onnx/);
    await broken.close();
  });
});
