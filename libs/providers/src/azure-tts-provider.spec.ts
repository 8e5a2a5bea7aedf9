import type { TtsListener, TtsRequest, WordMark } from '@carillon/pipeline';
import { createRealClock, VirtualClock } from '@carillon/testing';
import { AzureTtsProvider, type AzureTtsOptions } from './azure-tts-provider.js';
import type { ProviderError } from './provider-error.js';
import { RecordingLog } from './testing/recording-log.js';
import { KEY, type ReceivedFrame, ScriptedSpeechServer } from './testing/scripted-speech-server.js';

let server: ScriptedSpeechServer;
let clock: VirtualClock;
let provider: AzureTtsProvider;
const log = new RecordingLog();

function open(options: Partial<AzureTtsOptions> = {}): AzureTtsProvider {
  return new AzureTtsProvider({ endpoint: { url: server.url('/tts/cognitiveservices/websocket/v2'), key: KEY }, clock, log, ...options });
}

beforeEach(async () => {
  server = new ScriptedSpeechServer();
  await server.listen();
  clock = new VirtualClock();
  provider = open();
});

afterEach(async () => {
  provider.close();
  await server.close();
});

class Heard implements TtsListener {
  readonly samples: number[] = [];
  readonly marks: WordMark[] = [];
  readonly errors: ProviderError[] = [];
  isDone = false;
  #wake: (() => void) | undefined;

  audio(pcm: Int16Array): void {
    this.samples.push(...pcm);
    this.#wake?.();
  }

  words(marks: readonly WordMark[]): void {
    this.marks.push(...marks);
  }

  done(): void {
    this.isDone = true;
    this.#wake?.();
  }

  failed(error: Error): void {
    this.errors.push(error as ProviderError);
    this.#wake?.();
  }

  async until(condition: (heard: Heard) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

const request: TtsRequest = { text: 'Hello', voice: 'en-US-JennyNeural', language: 'en-US', style: 'none', rate: 1, sampleRate: 16_000 };

const STREAM = 'AB';

function begin({ client, requestId }: ReceivedFrame): void {
  client.send('turn.start', requestId, { context: { serviceTag: 'x' } });
  client.send('response', requestId, { context: { serviceTag: 'x' }, audio: { type: 'inline', streamId: STREAM } });
}

/** Answers each utterance with these pieces of audio and its end. */
function speaking(...pieces: Uint8Array[]): void {
  server.script = (frame) => {
    if (frame.path !== 'ssml') return;
    begin(frame);
    for (const piece of pieces) frame.client.sendAudio(frame.requestId, STREAM, piece);
    frame.client.send('turn.end', frame.requestId, {});
  };
}

describe('Azure synthesis', () => {
  it('passes the audio on as it comes, also when a piece ends in the middle of a sample', async () => {
    speaking(Uint8Array.of(1, 0, 2), Uint8Array.of(0, 3, 0, 255, 255));
    const heard = new Heard();
    provider.speak(request, heard);
    await heard.until(({ isDone }) => isDone);
    expect(heard.samples).toEqual([1, 2, 3, -1]);
    expect((await server.untilFrame('ssml')).body.toString()).toContain("<voice name='en-US-JennyNeural'>Hello</voice>");
  });

  it('asks for the sample rate of the call', async () => {
    speaking(Uint8Array.of(1, 0));
    const heard = new Heard();
    provider.speak({ ...request, sampleRate: 24_000 }, heard);
    await heard.until(({ isDone }) => isDone);
    expect((await server.untilFrame('synthesis.context')).body.toString()).toContain('raw-24khz-16bit-mono-pcm');
  });

  it('asks when each word is said, and tells where it stands in the text, whatever the markup has become', async () => {
    const told = [
      ['Mr', 500_000, 2_000_000],
      ['win', 3_000_000, 1_500_000],
      ['&amp;', 5_000_000, 1_000_000],
      ['Co', 6_000_000, 2_000_000],
      ['.', 8_000_000, 500_000],
    ] as const;
    const Metadata = told.map(([Text, Offset, Duration]) => ({
      Type: 'WordBoundary',
      Data: { Offset, Duration, text: { Text, Length: Text.length, BoundaryType: 'WordBoundary' } },
    }));
    server.script = (frame) => {
      if (frame.path !== 'ssml') return;
      begin(frame);
      frame.client.send('audio.metadata', frame.requestId, { Metadata });
      frame.client.sendAudio(frame.requestId, STREAM, Uint8Array.of(1, 0));
      frame.client.send('turn.end', frame.requestId, {});
    };
    const heard = new Heard();
    provider.speak({ ...request, text: 'Mr Nguyen & Co.', rate: 1.1, vocabulary: [{ term: 'Nguyen', say: 'win' }] }, heard);
    await heard.until(({ isDone }) => isDone);
    expect((await server.untilFrame('synthesis.context')).body.toString()).toMatch(/"wordBoundaryEnabled":"?true/);
    expect(heard.marks).toEqual([
      { offset: 0, length: 2, beginMs: 50, endMs: 250 },
      { offset: 3, length: 6, beginMs: 300, endMs: 450 },
      { offset: 10, length: 1, beginMs: 500, endMs: 600 },
      { offset: 12, length: 2, beginMs: 600, endMs: 800 },
      { offset: 14, length: 1, beginMs: 800, endMs: 850 },
    ]);
  });

  it('names the deployment of a custom voice when it connects, and speaks nothing else over that connection', async () => {
    speaking(Uint8Array.of(1, 0));
    const deployments = () =>
      server.clients.map((client) => new URL(client.request.url ?? '', server.url('/')).searchParams.get('deploymentId'));
    for (const customVoice of ['dep-1', undefined, 'dep-2&x=y', 'dep-1', undefined]) {
      const heard = new Heard();
      provider.speak({ ...request, customVoice }, heard);
      await heard.until(({ isDone }) => isDone);
    }
    expect(deployments()).toEqual(['dep-1', null, 'dep-2&x=y']);
  });

  it('uses one connection for utterances one after the other, and two for two at a time', async () => {
    server.script = (frame) => {
      if (frame.path === 'ssml') begin(frame);
      if (frame.path === 'ssml') frame.client.sendAudio(frame.requestId, STREAM, Uint8Array.of(server.of('ssml').length, 0));
    };
    const [first, second] = [new Heard(), new Heard()];
    provider.speak(request, first);
    provider.speak(request, second);
    await first.until(({ samples }) => samples.length > 0);
    await second.until(({ samples }) => samples.length > 0);
    expect(server.clients.length).toBe(2);
    for (const frame of server.of('ssml')) frame.client.send('turn.end', frame.requestId, {});
    await first.until(({ isDone }) => isDone);
    await second.until(({ isDone }) => isDone);
    expect([...first.samples, ...second.samples].sort()).toEqual([1, 2]);

    speaking(Uint8Array.of(3, 0));
    const third = new Heard();
    provider.speak(request, third);
    await third.until(({ isDone }) => isDone);
    expect(server.clients.length).toBe(2);
  });

  it('goes straight to the v1 path, which would send the SDK to port 443 first', async () => {
    speaking(Uint8Array.of(1, 0));
    const first = open({ endpoint: { url: server.url('/tts/cognitiveservices/websocket/v1'), key: KEY } });
    const heard = new Heard();
    first.speak(request, heard);
    await heard.until(({ isDone }) => isDone);
    expect(server.clients[0]?.request.url).toContain('/tts/cognitiveservices/websocket/v1?');
    first.close();
  });

  it('opens a connection ahead of the first utterance', async () => {
    provider.warm(request.sampleRate);
    await server.until(() => server.clients.length === 1);
    speaking(Uint8Array.of(1, 0));
    const heard = new Heard();
    provider.speak(request, heard);
    await heard.until(({ isDone }) => isDone);
    expect(server.clients.length).toBe(1);
  });

  it('is silent at once when cancelled, asks the service to stop, and keeps the connection if it does', async () => {
    server.script = (frame) => {
      if (frame.path === 'ssml') {
        begin(frame);
        frame.client.sendAudio(frame.requestId, STREAM, Uint8Array.of(1, 0));
      } else if (frame.path === 'synthesis.control') {
        frame.client.sendAudio(frame.requestId, STREAM, Uint8Array.of(2, 0));
        frame.client.send('turn.end', frame.requestId, {});
      }
    };
    const heard = new Heard();
    const utterance = provider.speak(request, heard);
    await heard.until(({ samples }) => samples.length > 0);
    utterance.cancel();
    utterance.cancel();
    expect((await server.untilFrame('synthesis.control')).body.toString()).toBe('{"action":"stop"}');

    speaking(Uint8Array.of(3, 0));
    while (provider.connections().busy > 0) await new Promise((resolve) => setImmediate(resolve));
    const next = new Heard();
    provider.speak(request, next);
    await next.until(({ isDone }) => isDone);
    expect(server.clients.length).toBe(1);
    expect(next.samples).toEqual([3]);
    expect(heard).toMatchObject({ samples: [1], isDone: false, errors: [] });
  });

  it('drops the connection when the service goes on speaking', async () => {
    server.script = (frame) => {
      if (frame.path !== 'ssml') return;
      begin(frame);
      frame.client.sendAudio(frame.requestId, STREAM, Uint8Array.of(1, 0));
    };
    const heard = new Heard();
    const utterance = provider.speak(request, heard);
    await heard.until(({ samples }) => samples.length > 0);
    utterance.cancel();
    await clock.advance(500);
    await server.clients[0]?.closed;
    expect(provider.connections()).toEqual({ idle: 0, busy: 0, waiting: 0 });
    expect(heard).toMatchObject({ isDone: false, errors: [] });
  });

  it('fails when no audio comes, and when it stops coming', async () => {
    const silent = new Heard();
    provider.speak(request, silent);
    await server.untilFrame('ssml');
    await clock.advance(2_999);
    expect(silent.errors).toEqual([]);
    await clock.advance(1);
    expect(silent.errors.map(({ code }) => code)).toEqual(['tts_timeout']);

    server.script = (frame) => {
      if (frame.path !== 'ssml') return;
      begin(frame);
      frame.client.sendAudio(frame.requestId, STREAM, Uint8Array.of(1, 0));
    };
    const stuck = new Heard();
    provider.speak(request, stuck);
    await stuck.until(({ samples }) => samples.length > 0);
    await clock.advance(3_000);
    await clock.advance(2_000);
    expect(stuck.errors.map(({ code }) => code)).toEqual(['tts_timeout']);
    await Promise.all(server.clients.map(({ closed }) => closed));
  });

  it.each([1000, 1011])('fails when the connection closes in mid-utterance (%i), and speaks again on another', async (closeCode) => {
    server.script = (frame) => {
      if (frame.path !== 'ssml') return;
      begin(frame);
      frame.client.socket.close(closeCode);
    };
    const heard = new Heard();
    provider.speak(request, heard);
    await heard.until(({ errors }) => errors.length > 0);
    expect(heard.errors.map(({ code }) => code)).toEqual(['tts_refused']);
    speaking(Uint8Array.of(1, 0));
    const again = new Heard();
    provider.speak(request, again);
    await again.until(({ isDone }) => isDone);
  });

  it.each([
    [1007, 'Unsupported voice en-US-Nobody.', 'tts_rejected'],
    [1007, 'Unsupported voice en-US-429.', 'tts_rejected'],
    [1007, 'Unsupported voice Quota exceeded.', 'tts_rejected'],
    [1007, 'Quota exceeded. Cid:', 'tts_throttled'],
    [4429, 'Too many requests.', 'tts_throttled'],
  ])('tells what was wrong in itself from what the service is short of (%i, %s)', async (closeCode, reason, code) => {
    server.script = ({ path, client }) => void (path === 'ssml' && client.socket.close(closeCode, reason));
    const heard = new Heard();
    provider.speak({ ...request, voice: 'en-US-Nobody' }, heard);
    await heard.until(({ errors }) => errors.length > 0);
    expect(heard.errors.map((error) => [error.code, error.retryable])).toEqual([[code, code === 'tts_throttled']]);
  });

  it.each([
    ['400 Bad Request', 'tts_rejected'],
    ['403 Forbidden', 'tts_refused'],
    ['503 Service Unavailable', 'tts_refused'],
  ])('knows a handshake that is refused for what is asked (%s)', async (refusal, code) => {
    server.refuseWith = refusal;
    const heard = new Heard();
    provider.speak(request, heard);
    await heard.until(({ errors }) => errors.length > 0);
    expect(heard.errors.map((error) => error.code)).toEqual([code]);
  });

  it('fails on a wrong key, and keeps the key to itself', async () => {
    const wrong = open({
      endpoint: { url: server.url('/tts/cognitiveservices/websocket/v2'), key: 'not-this-one' },
      clock: createRealClock(),
    });
    const heard = new Heard();
    wrong.speak(request, heard);
    await heard.until(({ errors }) => errors.length > 0);
    expect(heard.errors.map(({ code }) => code)).toEqual(['tts_refused']);
    expect(JSON.stringify([heard.errors, log.lines])).not.toContain('not-this-one');
    wrong.close();
  });

  it('tells a caller that it is closed, or that too many speak already', async () => {
    const small = open({ maxConnections: 1 });
    const heard = [new Heard(), new Heard(), new Heard()];
    for (const listener of heard) small.speak(request, listener);
    await clock.advance(0);
    expect(heard.map(({ errors }) => errors.map(({ code }) => code))).toEqual([[], [], ['tts_busy']]);
    small.close();
    expect(heard.map(({ errors }) => errors.map(({ code }) => code))).toEqual([['closed'], ['closed'], ['tts_busy']]);
    const late = new Heard();
    small.speak(request, late);
    await clock.advance(0);
    expect(late.errors.map(({ code }) => code)).toEqual(['closed']);
  });
});
