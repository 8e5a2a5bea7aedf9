import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AudioConfig,
  AudioInputStream,
  Connection,
  OutputFormat,
  PropertyId,
  type PushAudioInputStream,
  ResultReason,
  SpeechConfig,
  SpeechRecognizer,
  SpeechSynthesisOutputFormat,
  type SpeechSynthesisResult,
  SpeechSynthesizer,
} from 'microsoft-cognitiveservices-speech-sdk';
import { WebsocketMessageAdapter } from 'microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter.js';
import type { RecogniserSession } from '../engines/speech-engines.js';
import type { SpeechFaults } from './speech-faults.js';
import { createSpeechService, type SpeechService } from './speech-service.js';

const KEY = 'a-very-secret-key';
const MS = 16;

let server: Server;
let service: SpeechService;
/** What the fake engine recognises in the utterances to come. */
let texts: string[];
let faults: SpeechFaults;
let spoken: { text: string; voice: string; rate: number | undefined }[];

/** Recognises the next text whatever it is fed, one word more each 100 ms. */
function scriptedSession(onPartial: (text: string) => void): RecogniserSession {
  let samples = 0;
  return {
    feed(pcm) {
      samples += pcm.length;
      onPartial(
        (texts[0] ?? '')
          .split(' ')
          .slice(0, Math.floor(samples / 1_600))
          .join(' '),
      );
    },
    finish() {
      samples = 0;
      const text = texts.shift() ?? '';
      return Promise.resolve({ text, confidence: text === '' ? 0 : 0.9 });
    },
    close: () => undefined,
  };
}

beforeEach(async () => {
  texts = [];
  faults = {};
  spoken = [];
  service = createSpeechService({
    key: KEY,
    recogniser: { name: 'pocketsphinx', open: scriptedSession },
    engines: {
      synthesise(text, voice, options) {
        spoken.push({ text, voice, rate: options?.rate });
        return Promise.resolve(new Int16Array(text.length * 1_600).fill(7));
      },
    },
    log: { error: () => undefined },
    firstByteDelayMs: 0,
    synthesisSpeed: 100,
    faults,
  });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    if (!service.handleUpgrade(request, socket, head)) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  service.close();
  server.close();
  await once(server, 'close');
});

function url(path: string): URL {
  return new URL(`ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
}

function tone(durationMs: number): Int16Array {
  return Int16Array.from({ length: durationMs * MS }, (_, index) => 6_000 * Math.sin(index / 8));
}

function silence(durationMs: number): Int16Array {
  return new Int16Array(durationMs * MS);
}

/** A client of the unmodified SDK, and what it is told. */
class Client {
  readonly told: string[] = [];
  readonly offsets: number[] = [];
  readonly recognizer: SpeechRecognizer;
  readonly #input: PushAudioInputStream;
  #wake: (() => void) | undefined;

  constructor(config: SpeechConfig, settings: Partial<Record<'segmentation' | 'initialSilence', number>> = {}) {
    config.outputFormat = OutputFormat.Detailed;
    config.setProperty(PropertyId.Speech_SegmentationSilenceTimeoutMs, String(settings.segmentation ?? 300));
    if (settings.initialSilence)
      config.setProperty(PropertyId.SpeechServiceConnection_InitialSilenceTimeoutMs, String(settings.initialSilence));
    this.#input = AudioInputStream.createPushStream();
    this.recognizer = new SpeechRecognizer(config, AudioConfig.fromStreamInput(this.#input));
    this.recognizer.recognizing = (_, { result }) => this.#note(`… ${result.text}`);
    this.recognizer.recognized = (_, { result }) => {
      this.offsets.push(result.offset / 10_000);
      this.#note(result.reason === ResultReason.RecognizedSpeech ? result.text : 'no match');
    };
    this.recognizer.canceled = (_, event) => this.#note(`canceled ${event.errorDetails ?? 'at the end'}`);
    this.recognizer.sessionStopped = () => this.#note('stopped');
  }

  start(): this {
    this.recognizer.startContinuousRecognitionAsync();
    return this;
  }

  say(...parts: Int16Array[]): this {
    for (const part of parts) this.#input.write(new Int16Array(part).buffer);
    return this;
  }

  end(): this {
    this.#input.close();
    return this;
  }

  async until(test: (line: string) => boolean): Promise<void> {
    while (!this.told.some(test)) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.recognizer.close(resolve, () => resolve()));
  }

  #note(line: string): void {
    this.told.push(line);
    this.#wake?.();
  }
}

const withKey = { key: KEY };

function client({ key } = withKey, settings = {}): Client {
  return new Client(SpeechConfig.fromEndpoint(url('/stt/speech/universal/v2'), key), settings);
}

describe('the speech service, recognising', () => {
  it('tells what is said while it is said, and once more when it is over', async () => {
    texts = ['my name is ann'];
    const caller = client().start().say(silence(500), tone(800), silence(600));
    await caller.until((line) => line === 'My name is ann.');
    expect(caller.told.filter((line) => line.startsWith('…')).length).toBeGreaterThan(1);
    expect(caller.told).toContain('… my name is');
    expect(caller.told.at(-1)).toBe('My name is ann.');
    expect(caller.offsets).toEqual([500]);
    await caller.close();
  });

  it('cuts at the silence that the client asks for', async () => {
    texts = ['one', 'two', 'one two'];
    const pause = [silence(500), tone(300), silence(400), tone(300), silence(1_000)];
    const hasty = client(withKey, { segmentation: 300 })
      .start()
      .say(...pause);
    await hasty.until((line) => line === 'Two.');
    expect(hasty.offsets).toEqual([500, 1_200]);
    const patient = client(withKey, { segmentation: 800 })
      .start()
      .say(...pause);
    await patient.until((line) => line === 'One two.');
    await Promise.all([hasty.close(), patient.close()]);
  });

  it('says that there was no match when nothing was understood, or nobody speaks', async () => {
    const mumbling = client().start().say(silence(500), tone(300), silence(600));
    await mumbling.until((line) => line === 'no match');
    const silent = client(withKey, { initialSilence: 1_000 }).start().say(silence(2_500));
    await silent.until((line) => line === 'no match');
    await Promise.all([mumbling.close(), silent.close()]);
  });

  it('tells what is pending when the client stops, and ends the turn', async () => {
    texts = ['so long'];
    const caller = client().start().say(silence(200), tone(500)).end();
    await caller.until((line) => line === 'stopped');
    expect(caller.told.filter((line) => !line.startsWith('…')).slice(0, 1)).toEqual(['So long.']);
    await caller.close();
  });

  it.each(['conversation', 'interactive', 'dictation'])('serves the first version of the protocol too (%s)', async (mode) => {
    texts = ['hello'];
    const path = `/stt/speech/recognition/${mode}/cognitiveservices/v1`;
    const caller = new Client(SpeechConfig.fromEndpoint(url(path), KEY)).start().say(silence(500), tone(400), silence(600));
    await caller.until((line) => line === 'Hello.');
    await caller.close();
  });

  it('begins anew on a new connection with what the client sends again', async () => {
    texts = ['one', 'two'];
    const caller = client().start().say(silence(500), tone(300), silence(600));
    await caller.until((line) => line === 'One.');
    service.dropAll();
    while (service.connections() === 1) await new Promise((resolve) => setImmediate(resolve));
    while (service.connections() === 0) await new Promise((resolve) => setImmediate(resolve)); // the SDK comes back by itself
    caller.say(tone(300), silence(600));
    await caller.until((line) => line === 'Two.');
    expect(caller.offsets[0]).toBe(500);
    expect(caller.offsets[1]).toBeGreaterThan(1_300);
    await caller.close();
  });

  it('takes the key from a header or from the address, and refuses a wrong one', async () => {
    texts = ['hello', 'hello'];
    for (const withHeader of [true, false]) {
      WebsocketMessageAdapter.forceNpmWebSocket = withHeader;
      const caller = client().start().say(silence(500), tone(300), silence(600));
      await caller.until((line) => line === 'Hello.');
      await caller.close();
    }
    WebsocketMessageAdapter.forceNpmWebSocket = true;
    const stranger = client({ key: 'wrong' }).start().say(tone(100));
    await stranger.until((line) => line.startsWith('canceled') && line.includes('401'));
    await stranger.close();
  });

  it('does wrong on request: refuses, or says nothing', async () => {
    faults.handshakeStatus = 429;
    const refused = client().start().say(tone(100));
    await refused.until((line) => line.startsWith('canceled') && line.includes('429'));
    await refused.close();

    faults.handshakeStatus = undefined;
    faults.mute = true;
    const ignored = client().start().say(silence(500), tone(300), silence(600));
    while (service.connections() === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(ignored.told).toEqual([]);
    await ignored.close();
  });
});

function synthesizer(
  path = '/tts/cognitiveservices/websocket/v2',
  format = SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm,
): SpeechSynthesizer {
  const config = SpeechConfig.fromEndpoint(url(path), KEY);
  config.speechSynthesisOutputFormat = format;
  config.speechSynthesisVoiceName = 'en-US-JennyNeural';
  return new SpeechSynthesizer(config, null);
}

function speakText(speaker: SpeechSynthesizer, text: string): Promise<SpeechSynthesisResult> {
  return new Promise((resolve, reject) => speaker.speakTextAsync(text, resolve, reject));
}

describe('the speech service, speaking', () => {
  it('speaks text sentence by sentence, one request after the other on one connection', async () => {
    const speaker = synthesizer();
    const first = await speakText(speaker, 'Good morning. How are you?');
    expect(first.reason).toBe(ResultReason.SynthesizingAudioCompleted);
    expect(first.audioData.byteLength).toBe('Good morning.How are you?'.length * 3_200);
    expect(spoken).toEqual([
      { text: 'Good morning.', voice: 'slt', rate: 1 },
      { text: 'How are you?', voice: 'slt', rate: 1 },
    ]);
    await speakText(speaker, 'Bye.');
    expect(service.connections()).toBe(1);
    speaker.close();
  });

  it('tells where the words are', async () => {
    const speaker = synthesizer();
    const words: string[] = [];
    speaker.wordBoundary = (_, event) => words.push(`${event.text} ${event.audioOffset / 10_000}`);
    await speakText(speaker, 'Good day. Bye.');
    expect(words).toEqual(['Good 0', 'day. 450', 'Bye. 900']);
    speaker.close();
  });

  it('speaks at 24 kHz as well', async () => {
    const speaker = synthesizer(undefined, SpeechSynthesisOutputFormat.Raw24Khz16BitMonoPcm);
    expect((await speakText(speaker, 'Bye.')).audioData.byteLength).toBe('Bye.'.length * 4_800);
    speaker.close();
  });

  it('stops in mid-sentence when it is asked to, and the same connection serves the next sentence', async () => {
    const speaker = synthesizer();
    let chunks = 0;
    const stopped = new Promise<SpeechSynthesisResult>((resolve, reject) => {
      speaker.synthesizing = () => {
        if (++chunks === 2) Connection.fromSynthesizer(speaker).sendMessageAsync('synthesis.control', '{"action":"stop"}');
      };
      speaker.speakTextAsync('a '.repeat(200), resolve, reject);
    });
    expect((await stopped).audioData.byteLength).toBeLessThan(200 * 3_200);
    expect((await speakText(speaker, 'Bye.')).audioData.byteLength).toBe('Bye.'.length * 3_200);
    expect(service.connections()).toBe(1);
    speaker.close();
  });

  it('refuses a format that it cannot make', async () => {
    const speaker = synthesizer(undefined, SpeechSynthesisOutputFormat.Audio16Khz32KBitRateMonoMp3);
    const result = await speakText(speaker, 'Bye.');
    expect(result.reason).toBe(ResultReason.Canceled);
    speaker.close();
  });

  it('leaves other paths to others and refuses unknown ones of its own', async () => {
    const foreign = new SpeechRecognizer(
      SpeechConfig.fromEndpoint(url('/stt/unknown'), KEY),
      AudioConfig.fromStreamInput(AudioInputStream.createPushStream()),
    );
    const details = await new Promise<string>((resolve) => {
      foreign.canceled = (_, event) => resolve(event.errorDetails);
      foreign.startContinuousRecognitionAsync();
    });
    expect(details).toContain('404');
    foreign.close();
  });
});
