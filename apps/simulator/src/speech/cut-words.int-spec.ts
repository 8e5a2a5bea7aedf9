import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TtsProvider, WordMark } from '@carillon/pipeline';
import { AzureTtsProvider } from '@carillon/providers';
import { createRealClock, StagedCall } from '@carillon/testing';
import type { EnginePaths } from '../engines/engine-thread.js';
import { openSpeechEngines, type SpokenWord } from '../engines/speech-engines.js';
import { ClipRecogniser } from './clip-recogniser.js';
import { createSpeechService } from './speech-service.js';

const KEY = 'a-very-secret-key';
const SAMPLES_PER_MS = 16;
const FRAME_MS = 20;
/** The playout leaves out what is softer at the head of an utterance, but for so much of it. */
const SILENCE = 104;
const KEPT_SILENCE_MS = 10;
/** Long words and short ones, a number, and what the markup must escape. */
const ANSWER = 'Our responsibilities in 2024 were "as you know" extraordinarily wide & I do apologise.';

interface Utterance {
  pcm: Int16Array;
  marks: WordMark[];
  /** As the engine itself timed them. */
  words: SpokenWord[];
}

let utterance: Utterance;

/** What the adapter of production hears from the service over a socket. */
beforeAll(async () => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const tool = (await import(join(root, 'tools/speech-engines.mjs'))) as {
    fetchSpeechEngines(options: { dir: string }): Promise<EnginePaths>;
  };
  const engines = await openSpeechEngines(await tool.fetchSpeechEngines({ dir: join(root, '.cache/speech') }), { threads: 1 });
  const log = { debug: () => undefined, warn: () => undefined, error: () => undefined };
  const recogniser = new ClipRecogniser();
  const service = createSpeechService({ key: KEY, recogniser, engines, log, firstByteDelayMs: 0, synthesisSpeed: 50 });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => service.handleUpgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/tts/cognitiveservices/websocket/v2`;
  const tts = new AzureTtsProvider({ endpoint: { url, key: KEY }, clock: createRealClock(), log });
  try {
    let words: readonly SpokenWord[] = [];
    await engines.synthesise(ANSWER, 'slt', { onWords: (spoken) => (words = spoken) });
    utterance = { ...(await speak(tts)), words: [...words] };
  } finally {
    tts.close();
    service.close();
    server.close();
    await Promise.all([once(server, 'close'), engines.close()]);
  }
}, 120_000);

function speak(tts: TtsProvider): Promise<Omit<Utterance, 'words'>> {
  const samples: number[] = [];
  const marks: WordMark[] = [];
  return new Promise((resolve, reject) => {
    const request = { text: ANSWER, voice: 'en-US-JennyNeural', language: 'en-US', style: 'none', rate: 1, sampleRate: 16_000 } as const;
    const done = (): void => resolve({ pcm: Int16Array.from(samples), marks });
    tts.speak(request, { audio: (pcm) => samples.push(...pcm), words: (more) => marks.push(...more), done, failed: reject });
  });
}

/** The answer is stopped by a cough and goes on: from where, and how far it had been heard. */
async function coughAt(onsetMs: number, { pcm, marks }: Omit<Utterance, 'words'>): Promise<{ heardMs: number; fromMs: number }> {
  const call = new StagedCall({ answers: [ANSWER], through: (scripted) => ({ tts: recorded(scripted, { pcm, marks }) }) });
  call
    .says('I am fine', 1_600, 800)
    .says('', 3_420 + onsetMs, 320)
    .start();
  await call.until(20_000);
  const [stoppedAt = 0] = call.media.clears;
  const answer = call.media.frames.filter(({ at }) => at > 3_000);
  const again = answer.filter(({ at }) => at > stoppedAt).length;
  const beginMs = Math.max(0, pcm.findIndex((sample) => Math.abs(sample) >= SILENCE) / SAMPLES_PER_MS - KEPT_SILENCE_MS);
  const frames = Math.ceil((pcm.length / SAMPLES_PER_MS - beginMs) / FRAME_MS);
  return { heardMs: beginMs + stoppedAt - (answer[0]?.at ?? 0), fromMs: beginMs + (frames - again) * FRAME_MS };
}

/** All but the answer is scripted. */
function recorded({ clock, tts }: Pick<StagedCall, 'clock' | 'tts'>, { pcm, marks }: Omit<Utterance, 'words'>): TtsProvider {
  return {
    speak(request, listener) {
      if (request.text !== ANSWER) return tts.speak(request, listener);
      return clock.setTimer(clock.now() + 150, () => {
        listener.words?.(marks);
        listener.audio(pcm);
        listener.done();
      });
    },
    close: () => undefined,
  };
}

describe('a voice of the speech service', () => {
  it('is told word by word to the adapter, at the times of its sounds', () => {
    const told = utterance.marks.map(({ offset, length, beginMs }) => [ANSWER.slice(offset, offset + length), Math.round(beginMs)]);
    expect(told).toEqual(utterance.words.map(({ text, beginMs }) => [text, Math.round(beginMs)]));
    expect(told).toHaveLength(ANSWER.split(' ').length);
  });

  it('goes on from the first sound of the word in which it was stopped, wherever that was', async () => {
    for (let onsetMs = 200; onsetMs < 4_500; onsetMs += 270) {
      const { heardMs, fromMs } = await coughAt(onsetMs, utterance);
      const cut = utterance.words.find(({ endMs }) => endMs > heardMs);
      const beginMs = Math.min(cut?.beginMs ?? Infinity, heardMs); // in a pause nothing was cut
      expect(beginMs - fromMs).toBeGreaterThanOrEqual(0);
      expect(beginMs - fromMs).toBeLessThan(FRAME_MS);
    }
  });

  it('goes on from where it is quieter, where nobody told of words', async () => {
    const { pcm } = utterance;
    const loudness: number[] = [];
    for (let onsetMs = 200; onsetMs < 4_500; onsetMs += 270) {
      const { heardMs, fromMs } = await coughAt(onsetMs, { pcm, marks: [] });
      expect(fromMs).toBeLessThanOrEqual(heardMs);
      const from = Math.round(fromMs * SAMPLES_PER_MS);
      loudness.push(powerOf(pcm.subarray(from, from + FRAME_MS * SAMPLES_PER_MS)));
    }
    // 0.57 of the voice's power; by the number of characters alone it is 1.22
    expect(mean(loudness)).toBeLessThan(0.8 * powerOf(pcm));
  });
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const powerOf = (pcm: Int16Array): number => mean([...pcm].map((sample) => sample * sample));
