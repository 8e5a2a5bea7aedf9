import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EnginePaths, EngineThread } from './engine-thread.js';
import { openSpeechEngines, type RecogniserSession, type SpeechEngines } from './speech-engines.js';

const FRAME_SAMPLES = 320;

const SENTENCES = [
  'my name is sarah connor',
  'my name is james miller',
  'the fourteenth of march',
  'it is twelve seventy four maple street springfield',
  'i would like tuesday the third of june at ten thirty in the morning',
  'ask for doctor zyblotnik',
  'sorry could you repeat that',
  'yes',
  'no',
];

let paths: EnginePaths;
let engines: SpeechEngines;

beforeAll(async () => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const tool = (await import(join(root, 'tools/speech-engines.mjs'))) as {
    fetchSpeechEngines(options: { dir: string }): Promise<EnginePaths>;
  };
  paths = await tool.fetchSpeechEngines({ dir: join(root, '.cache/speech') });
  engines = await openSpeechEngines(paths);
  await engines.setLanguageModel('callers', SENTENCES);
}, 120_000);

afterAll(() => engines.close());

function feedFrames(session: RecogniserSession, pcm: Int16Array): void {
  for (let at = 0; at < pcm.length; at += FRAME_SAMPLES) session.feed(pcm.subarray(at, at + FRAME_SAMPLES));
}

function open(partials: string[] = []): RecogniserSession {
  return engines.openRecogniser('callers', (text) => partials.push(text));
}

describe('speech engines', () => {
  it('recognise exactly what they have spoken, with partial texts on the way', async () => {
    const partials: string[] = [];
    const session = open(partials);
    feedFrames(session, await engines.synthesise('my name is sarah connor', 'slt'));
    const result = await session.finish();
    expect(result.text).toBe('my name is sarah connor');
    expect(result.confidence).toBeGreaterThan(0);
    expect(result.confidence).toBeLessThanOrEqual(1);
    expect(partials).toContain('my name is');
    session.close();
  });

  it('understand one utterance after the other in the same session', async () => {
    const session = open();
    for (const sentence of ['the fourteenth of march', 'it is twelve seventy four maple street springfield', 'no']) {
      feedFrames(session, await engines.synthesise(sentence, 'rms'));
      expect((await session.finish()).text).toBe(sentence);
    }
    session.close();
  });

  it('keep speakers apart who talk at the same time, though they outnumber the threads', async () => {
    const said = [
      'my name is sarah connor',
      'the fourteenth of march',
      'sorry could you repeat that',
      'my name is james miller',
      'yes',
      'no',
    ];
    const voices = ['rms', 'awb', 'slt', 'kal16', 'rms', 'awb'] as const;
    const speech = await Promise.all(said.map((sentence, index) => engines.synthesise(sentence, voices[index] ?? 'rms')));
    const partials = said.map((): string[] => []);
    const sessions = said.map((_, index) => open(partials[index]));
    const longest = Math.max(...speech.map((pcm) => pcm.length));
    for (let at = 0; at < longest; at += FRAME_SAMPLES) {
      sessions.forEach((session, index) => session.feed((speech[index] ?? new Int16Array()).subarray(at, at + FRAME_SAMPLES)));
    }
    const heard = await Promise.all(sessions.map((session) => session.finish()));
    expect(heard.map(({ text }) => text)).toEqual(said);
    expect(partials[0]?.join(' ')).not.toMatch(/march|repeat|james/);
    for (const session of sessions) session.close();
  });

  it('know a word that no dictionary lists', async () => {
    const session = open();
    session.feed(await engines.synthesise('ask for doctor zyblotnik', 'awb'));
    expect((await session.finish()).text).toBe('ask for doctor zyblotnik');
    session.close();
  });

  it('hear nothing in silence, and nothing where nothing was fed', async () => {
    const session = open();
    expect(await session.finish()).toEqual({ text: '', confidence: 0 });
    session.feed(new Int16Array(16_000));
    expect((await session.finish()).text).toBe('');
    session.close();
  });

  it('use a new language model for the utterances after it, and build the same one only once', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'carillon-engines-test-'));
    const own = await openSpeechEngines(paths, { threads: 1, cacheDir });
    const session = await own.setLanguageModel('agents', ['good morning']).then(() => own.openRecogniser('agents', () => undefined));
    session.feed(await own.synthesise('good morning', 'kal16'));
    expect((await session.finish()).text).toBe('good morning');
    await own.setLanguageModel('agents', ['good evening']);
    await own.setLanguageModel('agents', ['good morning']);
    await own.setLanguageModel('agents', ['good evening']);
    session.feed(await own.synthesise('good evening', 'kal16'));
    expect((await session.finish()).text).toBe('good evening');
    expect((await readdir(cacheDir)).length).toBe(4);
    await own.close();
    await rm(cacheDir, { recursive: true });
  });

  it('speak slower on request', async () => {
    const normal = await engines.synthesise('my name is sarah connor', 'rms');
    const slow = await engines.synthesise('my name is sarah connor', 'rms', { rate: 0.8 });
    expect(slow.length / normal.length).toBeCloseTo(1.25, 1);
    expect(await engines.synthesise('my name is sarah connor', 'rms')).toEqual(normal);
  });

  it('refuse a model with digits, a model that was not set, and libraries that are not there', async () => {
    await expect(engines.setLanguageModel('callers', ['room 12'])).rejects.toThrow('write numbers as words');
    expect(() => engines.openRecogniser('agents', () => undefined)).toThrow('call setLanguageModel first');
    await expect(openSpeechEngines({ ...paths, libraryDir: '/nowhere' })).rejects.toThrow('/nowhere');
  });

  it('reject what waits for a thread that has died, and what is asked of it later', async () => {
    const thread = new EngineThread<{ kind: 'speak' } & Record<string, unknown>>('synthesis-thread', paths);
    await thread.ready();
    const answer = thread.request({ kind: 'speak', text: 'a sentence that nobody will hear', voice: 'rms', rate: 1 });
    await Promise.all([thread.terminate(), expect(answer).rejects.toThrow('the speech thread synthesis-thread has stopped')]);
    await expect(thread.request({ kind: 'speak' })).rejects.toThrow('has stopped');
    await thread.close();
  });
});
