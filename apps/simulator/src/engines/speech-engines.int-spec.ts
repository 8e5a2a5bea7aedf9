import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSpeechEngines, type RecogniserSession, type SpeechEngines } from './speech-engines.js';
import type { EnginePaths } from './engine-thread.js';

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

describe('speech engines', () => {
  it('recognise what they have spoken, with partial texts on the way', async () => {
    const partials: string[] = [];
    const session = engines.openRecogniser('callers', (text) => partials.push(text));
    feedFrames(session, await engines.synthesise('my name is sarah connor', 'slt'));
    const result = await session.finish();
    expect(result.text).toBe('my name is sarah connor');
    expect(result.confidence).toBeGreaterThan(0);
    expect(result.confidence).toBeLessThanOrEqual(1);
    expect(partials).toContain('my name is');
    session.close();
  });
});
