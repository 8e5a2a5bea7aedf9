import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TtsListener, TtsProvider, WordMark } from '@carillon/pipeline';
import { createRealClock, ScriptedTts, type ScriptedTtsOptions, VirtualClock } from '@carillon/testing';
import { RecordingLog } from '../testing/recording-log.js';
import { HELLO, HeardSpeech, ttsContract } from '../testing/tts-contract.js';
import { CachedTts } from './cached-tts.js';
import { PcmFolder } from './pcm-folder.js';

const HELLO_BYTES = 6 * 60 * 16 * 2;

ttsContract('a scripted one in a cache', (fault, clock) => {
  return new CachedTts({ tts: new ScriptedTts({ clock, faults: [fault] }), clock, log: new RecordingLog() });
});

describe('a voice that remembers', () => {
  const log = new RecordingLog();
  let clock: VirtualClock;
  let voice: ScriptedTts;
  let cached: CachedTts;

  beforeEach(() => open());

  function open(options: Partial<ScriptedTtsOptions> = {}, maxBytes?: number): void {
    clock = new VirtualClock();
    voice = new ScriptedTts({ clock, level: (ordinal) => 1_000 + ordinal, ...options });
    cached = new CachedTts({ tts: voice, clock, log, maxBytes });
  }

  async function hear(text = HELLO.text, request = HELLO): Promise<HeardSpeech> {
    const startedAt = clock.now();
    const heard = new HeardSpeech(() => clock.now() - startedAt);
    cached.speak({ ...request, text }, heard);
    expect(heard.told).toEqual([]); // not before the caller has its handle
    await clock.advance(10_000);
    return heard;
  }

  it('asks twice for a text that comes again, and then never more', async () => {
    expect((await hear()).firstAt).toBe(150);
    expect((await hear()).firstAt).toBe(150);
    const third = await hear();
    expect(third).toMatchObject({ firstAt: 0, told: ['audio', 'done'], samples: HELLO_BYTES / 2 });
    expect(voice.spoken.length).toBe(2);
    expect(cached.statistics()).toEqual({ hits: 1, shared: 0, misses: 2, sounds: 1, bytes: HELLO_BYTES });
  });

  it('keeps nothing of what is said once', async () => {
    for (const text of ['One.', 'Two.', 'Three.']) await hear(text);
    expect(cached.statistics()).toMatchObject({ sounds: 0, bytes: 0, misses: 3 });
  });

  it('has what was prepared from the first time on', async () => {
    const prepared = cached.prepare([HELLO, { ...HELLO, text: 'Goodbye.' }], 'in-memory');
    await clock.advance(10_000);
    expect(await prepared).toEqual({ failed: 0 });
    expect((await hear()).firstAt).toBe(0);
    expect(cached.statistics()).toMatchObject({ hits: 1, misses: 0, sounds: 2 });
  });

  it.each([{ voice: 'two' }, { style: 'sad' as const }, { rate: 1.1 }, { language: 'zh-CN' }, { sampleRate: 24_000 as const }])(
    'does not take one sound for another: %j',
    async (difference) => {
      const prepared = cached.prepare([HELLO], 'in-memory');
      await clock.advance(10_000);
      await prepared;
      expect((await hear(HELLO.text, { ...HELLO, ...difference })).firstAt).toBe(150);
    },
  );

  it('synthesises once for all who ask meanwhile; who comes late hears it from the beginning', async () => {
    const first = new HeardSpeech();
    const late = new HeardSpeech();
    const text = 'A sentence that takes a while to say.';
    cached.speak({ ...HELLO, text }, first);
    await clock.advance(300);
    cached.speak({ ...HELLO, text }, late);
    await clock.advance(10_000);
    expect(late.samples).toBe(first.samples);
    expect([first.told, late.told]).toEqual([
      ['audio', 'done'],
      ['audio', 'done'],
    ]);
    expect(voice.spoken.length).toBe(1);
    expect(cached.statistics()).toMatchObject({ misses: 1, shared: 1, sounds: 1 });
  });

  it('goes on for the others when one of them leaves, and stops when the last one has left', async () => {
    const heard = [new HeardSpeech(), new HeardSpeech()];
    const speaking = heard.map((listener) => cached.speak(HELLO, listener));
    speaking[0]?.cancel();
    await clock.advance(10_000);
    expect(heard.map(({ told }) => told)).toEqual([[], ['audio', 'done']]);
    const again = [1, 2].map(() => cached.speak({ ...HELLO, text: 'Left alone.' }, new HeardSpeech()));
    await clock.advance(160);
    for (const one of again) one.cancel();
    expect(voice.cancelled).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('never keeps what failed, broke off or was cancelled', async () => {
    open({ faults: ['fails', 'breaks-off', 'empty', null, null] });
    for (const told of [['failed'], ['audio', 'failed'], ['done']]) expect((await hear()).told).toEqual(told);
    cached.speak(HELLO, new HeardSpeech()).cancel();
    expect(cached.statistics().sounds).toBe(0);
    expect((await hear()).told).toEqual(['audio', 'done']);
    expect(cached.statistics()).toMatchObject({ sounds: 1, hits: 0 });
  });

  it('tells how many of the prepared texts could not be had', async () => {
    open({ faults: ['fails', null, 'breaks-off'] });
    const prepared = cached.prepare(
      ['One.', 'Two.', 'Three.'].map((text) => ({ ...HELLO, text })),
      'in-memory',
    );
    await clock.advance(20_000);
    expect(await prepared).toEqual({ failed: 2 });
  });

  it('forgets what was not used for the longest time when it is full', async () => {
    open({}, 2 * HELLO_BYTES);
    const texts = ['Hello.', 'Yes ok', 'Thanks'];
    const prepared = cached.prepare(
      texts.slice(0, 2).map((text) => ({ ...HELLO, text })),
      'in-memory',
    );
    await clock.advance(10_000);
    await prepared;
    await hear('Hello.');
    const more = cached.prepare([{ ...HELLO, text: 'Thanks' }], 'in-memory');
    await clock.advance(10_000);
    await more;
    expect(cached.statistics()).toMatchObject({ sounds: 2, bytes: 2 * HELLO_BYTES });
    expect((await hear('Hello.')).firstAt).toBe(0);
    expect((await hear('Yes ok')).firstAt).toBe(150);
  });

  it('tells when the words are said, also of what it says again, and to who comes late', async () => {
    open({ wordMs: () => 200 });
    const told = (): { listener: TtsListener; marks: WordMark[] } => {
      const marks: WordMark[] = [];
      const listener = { audio: () => undefined, words: (more: readonly WordMark[]) => void marks.push(...more) };
      return { marks, listener: { ...listener, done: () => undefined, failed: () => undefined } };
    };
    const heard = [told(), told(), told()];
    const request = { ...HELLO, text: 'Yes, of course.' };
    cached.speak(request, heard[0]?.listener ?? told().listener);
    await clock.advance(200);
    cached.speak(request, heard[1]?.listener ?? told().listener);
    await clock.advance(10_000);
    cached.speak(request, heard[2]?.listener ?? told().listener);
    await clock.advance(10_000);
    const words = [
      { offset: 0, length: 4, beginMs: 0, endMs: 200 },
      { offset: 5, length: 2, beginMs: 200, endMs: 400 },
      { offset: 8, length: 7, beginMs: 400, endMs: 600 },
    ];
    expect(heard.map(({ marks }) => marks)).toEqual([words, words, words]);
    expect(voice.spoken.length).toBe(1);
  });

  it('keeps calls apart: one whose listener throws takes nothing from the others', async () => {
    const broken: TtsListener = {
      audio: () => {
        throw new Error('broken');
      },
      done: () => undefined,
      failed: () => undefined,
    };
    const heard = new HeardSpeech();
    cached.speak(HELLO, broken);
    cached.speak(HELLO, heard);
    await clock.advance(10_000);
    expect(heard.told).toEqual(['audio', 'done']);
    expect(log.lines.map(({ message }) => message)).toContain('a listener of a shared utterance failed');
  });
});

describe('a voice that remembers on disk', () => {
  const clock = createRealClock();
  let path: string;
  let asked: number;
  let words: WordMark[];
  const voice: TtsProvider = {
    speak(_, listener) {
      asked++;
      const timer = clock.setTimer(clock.now(), () => {
        listener.words?.(words);
        listener.audio(new Int16Array(1_600).fill(7));
        listener.done();
      });
      return { cancel: () => timer.cancel() };
    },
    close: () => undefined,
  };

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'speech-cache-'));
    asked = 0;
    words = [];
  });

  afterEach(() => rm(path, { recursive: true }));

  async function restarted(maxBytes = 1_000_000): Promise<CachedTts> {
    return new CachedTts({ tts: voice, clock, log: new RecordingLog(), folder: await PcmFolder.open(path, maxBytes) });
  }

  function hear(cached: CachedTts, text: string): Promise<HeardSpeech> {
    const heard = new HeardSpeech();
    return new Promise((resolve) => {
      const listener = {
        audio: (pcm: Int16Array) => heard.audio(pcm),
        failed: (error: Error) => heard.failed(error),
        done: () => heard.done(),
      };
      cached.speak({ ...HELLO, text }, { ...listener, done: () => (listener.done(), resolve(heard)) });
    });
  }

  it('has what was prepared after a restart, and no other text', async () => {
    const before = await restarted();
    await before.prepare([HELLO], 'on-disk');
    await before.prepare([{ ...HELLO, text: 'Hello, Mrs Example.' }], 'in-memory');
    expect((await readdir(path)).length).toBe(1);
    const after = await restarted();
    expect(await hear(after, HELLO.text)).toMatchObject({ samples: 1_600, told: ['audio', 'done'] });
    expect(asked).toBe(2);
    await hear(after, 'Hello, Mrs Example.');
    expect(asked).toBe(3);
    expect(after.statistics()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('keeps the times of words with their sound, where the voice tells any', async () => {
    await (await restarted()).prepare([{ ...HELLO, text: 'Bye.' }], 'on-disk');
    words = [{ offset: 0, length: 5, beginMs: 10, endMs: 90 }];
    await (await restarted()).prepare([HELLO], 'on-disk');
    const after = await restarted();
    const toldOf = (text: string): Promise<WordMark[]> => {
      const marks: WordMark[] = [];
      return new Promise((resolve, reject) => {
        const listener = { audio: () => undefined, words: (more: readonly WordMark[]) => void marks.push(...more) };
        after.speak({ ...HELLO, text }, { ...listener, done: () => resolve(marks), failed: reject });
      });
    };
    expect([await toldOf(HELLO.text), await toldOf('Bye.')]).toEqual([words, []]);
    expect(asked).toBe(2);
  });

  it('does not play a file that was cut short, nor miss one that another process removed', async () => {
    await (await restarted()).prepare([HELLO, { ...HELLO, text: 'Bye.' }], 'on-disk');
    const after = await restarted();
    const [cut = '', removed = ''] = await readdir(path);
    await truncate(join(path, cut), 802);
    await rm(join(path, removed));
    expect((await hear(after, HELLO.text)).samples).toBe(1_600);
    expect((await hear(after, 'Bye.')).samples).toBe(1_600);
    expect(asked).toBe(4);
  });

  it('plays a file whose age it may not touch: that of another user, or on a disk that takes no writes', async () => {
    await (await restarted()).prepare([HELLO], 'on-disk');
    const refuse = () => Promise.reject(Object.assign(new Error('not permitted'), { code: 'EPERM' }));
    const folder = await PcmFolder.open(path, 1_000_000, refuse);
    expect(await hear(new CachedTts({ tts: voice, clock, log: new RecordingLog(), folder }), HELLO.text)).toMatchObject({ samples: 1_600 });
    expect(asked).toBe(1);
  });

  it('stays within its bytes, also when it finds more', async () => {
    const cached = await restarted(10_000);
    await cached.prepare(
      ['1', '2', '3', '4', '5'].map((text) => ({ ...HELLO, text })),
      'on-disk',
    );
    expect((await readdir(path)).length).toBe(3);
    await restarted(4_000);
    expect((await readdir(path)).length).toBe(1);
  });

  it('stays within its bytes where several processes write to one folder', async () => {
    const processes = [await restarted(10_000), await restarted(10_000), await restarted(10_000)];
    for (const text of ['1', '2', '3', '4', '5', '6'])
      for (const [ordinal, cached] of processes.entries()) await cached.prepare([{ ...HELLO, text: `${text} of ${ordinal}` }], 'on-disk');
    expect((await readdir(path)).length).toBe(3);
  });

  it('clears away what a process left unfinished that was killed, and not what another one is writing', async () => {
    const key = 'a'.repeat(64);
    const [left, running] = [`${key}.pcm.0123456789ab`, `${key}.pcm.ba9876543210`];
    for (const name of [left, running]) await writeFile(join(path, name), 'half of a sound');
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(path, left), anHourAgo, anHourAgo);
    await restarted();
    expect(await readdir(path)).toEqual([running]);
  });
});
