import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SttProvider, SttStream } from '@carillon/pipeline';
import { AzureSttProvider, AzureSttSocketProvider, AzureTtsProvider } from '@carillon/providers';
import { createRealClock } from '@carillon/testing';
import type { EnginePaths } from '../engines/engine-thread.js';
import { openSpeechEngines, type SpeechEngines } from '../engines/speech-engines.js';
import { ClipRecogniser } from './clip-recogniser.js';
import { engineRecogniser } from './engine-recogniser.js';
import type { SpeechRecogniser } from './speech-recogniser.js';
import { createSpeechService, type SpeechService } from './speech-service.js';

const KEY = 'a-very-secret-key';
const FRAME_SAMPLES = 320;

const SENTENCES = [
  'my name is sarah connor',
  'my name is james miller',
  'i live at twelve seventy four maple street in springfield',
  'i live at nine forty oak avenue in portland',
  'the accident was on the fourteenth of march',
  'the accident was on the third of june',
  'please call me back on tuesday at ten thirty in the morning',
  'no thank you',
  'yes that is right',
];

const log = { debug: () => undefined, warn: () => undefined, error: () => undefined };

let engines: SpeechEngines;
let opened: { service: SpeechService; server: Server; tts: AzureTtsProvider }[];

beforeAll(async () => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const tool = (await import(join(root, 'tools/speech-engines.mjs'))) as {
    fetchSpeechEngines(options: { dir: string }): Promise<EnginePaths>;
  };
  engines = await openSpeechEngines(await tool.fetchSpeechEngines({ dir: join(root, '.cache/speech') }));
  await engines.setLanguageModel('callers', SENTENCES);
}, 120_000);

beforeEach(() => (opened = []));

afterEach(async () => {
  for (const { service, server, tts } of opened) {
    tts.close();
    service.close();
    server.close();
    await once(server, 'close');
  }
});

afterAll(() => engines.close());

const recognisers = {
  socket: (url: string): SttProvider => new AzureSttSocketProvider({ endpoint: { url, key: KEY }, clock: createRealClock(), log }),
  sdk: (url: string): SttProvider => new AzureSttProvider({ endpoint: { url, key: KEY }, log }),
};

/** The service on a port of its own, and the adapters that production uses for it. */
async function open(recogniser: SpeechRecogniser, client: keyof typeof recognisers = 'socket') {
  const service = createSpeechService({ key: KEY, recogniser, engines, log, firstByteDelayMs: 0, synthesisSpeed: 50 });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => service.handleUpgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stt = recognisers[client](`${base}/stt/speech/universal/v2`);
  const tts = new AzureTtsProvider({
    endpoint: { url: `${base}/tts/cognitiveservices/websocket/v2`, key: KEY },
    clock: createRealClock(),
    log,
  });
  opened.push({ service, server, tts });
  return { stt, tts };
}

function speak(tts: AzureTtsProvider, text: string, voice: string): Promise<Int16Array> {
  const samples: number[] = [];
  return new Promise((resolve, reject) =>
    tts.speak(
      { text, voice, language: 'en-US', style: 'none', rate: 1, sampleRate: 16_000 },
      { audio: (pcm) => samples.push(...pcm), done: () => resolve(Int16Array.from(samples)), failed: reject },
    ),
  );
}

/** Says each clip after half a second, and a second of silence after it; all transcripts. */
async function transcripts(stt: SttProvider, clips: readonly Int16Array[]): Promise<string[]> {
  const finals: string[] = [];
  let stream: SttStream | undefined;
  const heard = new Promise<void>((resolve, reject) => {
    const final = (text: string) => void (finals.push(text) === clips.length && resolve());
    stream = stt.open({ language: 'en-US', phrases: [] }, { interim: () => undefined, final, failed: reject });
  });
  for (const clip of clips) {
    const audio = Int16Array.from([...new Int16Array(8_000), ...clip, ...new Int16Array(16_000)]);
    for (let at = 0; at < audio.length; at += FRAME_SAMPLES) {
      stream?.push(audio.slice(at, at + FRAME_SAMPLES));
      await new Promise((resolve) => setImmediate(resolve)); // faster than life, but not all at once
    }
  }
  await heard;
  stream?.close();
  return finals;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[.?]$/, '');
}

describe('the speech service with its real engines', () => {
  it.each(['en-US-JennyNeural', 'en-US-GuyNeural', 'en-US-TonyNeural'])(
    'understands every word that it has spoken itself (%s)',
    async (voice) => {
      const { stt, tts } = await open(engineRecogniser(engines));
      const said = [SENTENCES[2], SENTENCES[4], SENTENCES[6]].map(String);
      const clips = await Promise.all(said.map((text) => speak(tts, text, voice)));
      expect((await transcripts(stt, clips)).map(plain)).toEqual(said);
    },
    60_000,
  );

  it.each(['socket', 'sdk'] as const)(
    'hears two people at once, each alone (%s)',
    async (client) => {
      const { stt } = await open(engineRecogniser(engines), client);
      const [sarah, james] = await Promise.all([
        engines.synthesise(String(SENTENCES[0]), 'slt'),
        engines.synthesise(String(SENTENCES[1]), 'rms'),
      ]);
      const [first, second] = await Promise.all([transcripts(stt, [sarah]), transcripts(stt, [james])]);
      expect([first, second]).toEqual([['My name is sarah connor.'], ['My name is james miller.']]);
    },
    60_000,
  );

  it.each(['socket', 'sdk'] as const)(
    'or without recognition, finds the clips again that it was told of (%s)',
    async (client) => {
      const clips = new ClipRecogniser();
      const { stt } = await open(clips, client);
      const said = ['the password is blue elephant', 'i live at twelve seventy four maple street, in springfield. and you?'];
      const audio = await Promise.all(said.map((text) => engines.synthesise(text, 'awb')));
      audio.forEach((pcm, index) => clips.register(pcm, String(said[index])));
      expect((await transcripts(stt, audio)).map(plain)).toEqual(said.map(plain));
      expect(opened[0]?.service.recogniser).toBe('clips');
    },
    60_000,
  );
});
