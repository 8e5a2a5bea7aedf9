import type { SttProvider } from '@carillon/pipeline';
import type { AzureEndpoint } from '../azure-endpoint.js';
import { RecordingLog } from './recording-log.js';
import { KEY, type ReceivedFrame, ScriptedSpeechServer } from './scripted-speech-server.js';
import { hearUtterances } from './hearing-service.js';
import { HeardWords, QUIET, say, sttContract, VOICE } from './stt-contract.js';

export interface AzureSttSettings {
  endpoint: AzureEndpoint;
  log: RecordingLog;
  segmentationSilenceMs?: number;
  deafAfterMs?: number;
}

export type AzureSttUnderTest = (settings: AzureSttSettings) => SttProvider;

const PATH = '/stt/speech/universal/v2';
const times = { Offset: 0, Duration: 10_000_000, Channel: 0 };
const english = { language: 'en-US', phrases: [] };

/** What every client of Azure Speech does, whatever it is made of. */
export function azureSttContract(name: string, create: AzureSttUnderTest): void {
  let server: ScriptedSpeechServer;
  let log: RecordingLog;
  let heard: HeardWords;

  beforeEach(async () => {
    server = new ScriptedSpeechServer();
    log = new RecordingLog();
    heard = new HeardWords();
    await server.listen();
  });

  afterEach(() => server.close());

  function provider(settings: Partial<AzureSttSettings> = {}): SttProvider {
    return create({ endpoint: { url: server.url(PATH), key: KEY }, log, ...settings });
  }

  /** Answers the first audio of a turn with `turn.start` and the given messages. */
  function answering(messages: (frame: ReceivedFrame) => void): void {
    server.script = (frame) => {
      if (frame.path !== 'audio' || server.of('audio').length !== 1) return;
      frame.client.send('turn.start', frame.requestId, { context: { serviceTag: 'x' } });
      messages(frame);
    };
  }

  sttContract(name, (utterances) => {
    hearUtterances(server, utterances);
    return provider();
  });

  describe(`${name} as a client of Azure Speech`, () => {
    it('tells partial transcripts, and final ones with their confidence', async () => {
      answering(({ client, requestId }) => {
        client.send('speech.hypothesis', requestId, { Id: '1', Text: 'my name', ...times });
        client.send('speech.phrase', requestId, {
          Id: '2',
          RecognitionStatus: 'Success',
          DisplayText: 'My name is Ann.',
          NBest: [{ Confidence: 0.75, Lexical: 'my name is ann', ITN: '', MaskedITN: '', Display: 'My name is Ann.' }],
          ...times,
        });
      });
      const stream = provider().open({ language: 'en-US', phrases: ['Ann'] }, heard);
      say(stream, 100, 0);
      await heard.untilTold('My name is Ann.');
      expect(heard.told).toEqual(['~my name', 'My name is Ann.']);
      expect(heard.confidences).toEqual([0.75]);
      stream.close();
    });

    it('asks for what a telephone agent needs and sends the key in a header', async () => {
      const phrases = Array.from({ length: 301 }, (_, index) => `Contoso ${index}`);
      const stream = provider({ segmentationSilenceMs: 450 }).open({ language: 'en-GB', phrases }, heard);
      stream.push(VOICE);
      const { body, client } = await server.untilFrame('speech.context');
      expect(JSON.parse(body.toString())).toMatchObject({
        phraseDetection: {
          ...{ mode: 'Conversation', language: 'en-GB', initialSilenceTimeout: 8_000 },
          conversation: { segmentation: { mode: 'Custom', segmentationSilenceTimeoutMs: 450 } },
        },
        phraseOutput: { format: 'Detailed' },
        dgi: { groups: [{ type: 'Generic', items: phrases.slice(0, 300).map((text) => ({ text })) }] },
      });
      const query = new URL(client.request.url ?? '', 'ws://x').searchParams;
      expect(query.get('language')).toBe('en-GB');
      expect(query.get('format')).toBe('detailed');
      expect(client.request.headers['sec-websocket-extensions']).toBeUndefined(); // nothing is compressed
      expect(client.request.headers['ocp-apim-subscription-key']).toBe(KEY);
      const config = JSON.parse((await server.untilFrame('speech.config')).body.toString()) as object;
      expect(config).toMatchObject({ context: { system: { lang: 'JavaScript' } } });
      expect(config).not.toHaveProperty('context.os'); // telemetry is off
      stream.close();
    });

    it('sends audio whole and in order, after what it is, though the caller uses its buffer again', async () => {
      const stream = provider().open(english, heard);
      const buffer = new Int16Array(320);
      for (let index = 1; index <= 6; index++) stream.push(buffer.fill(index));
      await server.until(() => audioBytes(server).length === 44 + 6 * 640);
      const [header] = server.of('audio');
      expect(header?.body.toString('latin1', 0, 4)).toBe('RIFF');
      expect(firstSamples(audioBytes(server).subarray(44))).toEqual([1, 2, 3, 4, 5, 6]);
      stream.close();
    });

    it('takes back what it showed when it was no speech after all', async () => {
      answering(({ client, requestId }) => {
        client.send('speech.hypothesis', requestId, { Id: '1', Text: 'uh', ...times });
        client.send('speech.phrase', requestId, { Id: '2', RecognitionStatus: 'NoMatch', ...times });
      });
      const stream = provider().open(english, heard);
      say(stream, 100, 0);
      await heard.untilTold('~');
      expect(heard.told).toEqual(['~uh', '~']);
      stream.close();
    });

    it('tells that it was no speech each time, also where nothing was shown: who says so is not deaf', async () => {
      answering(({ client, requestId }) => {
        client.send('speech.phrase', requestId, { Id: '1', RecognitionStatus: 'NoMatch', ...times });
        client.send('speech.phrase', requestId, { Id: '2', RecognitionStatus: 'InitialSilenceTimeout', ...times });
        client.send('speech.phrase', requestId, { Id: '3', RecognitionStatus: 'EndOfDictation', ...times });
        client.send('speech.hypothesis', requestId, { Id: '4', Text: 'well', ...times });
      });
      const stream = provider().open(english, heard);
      say(stream, 100, 0);
      await heard.untilTold('~well');
      expect(heard.told).toEqual(['~', '~', '~well']);
      stream.close();
    });

    it('fails when the service takes audio for long and says nothing', async () => {
      const stream = provider({ deafAfterMs: 200 }).open(english, heard);
      await server.untilFrame('speech.context');
      for (let index = 0; index < 30; index++) stream.push(QUIET);
      await heard.untilFailed();
      expect(heard.errors.map(({ code }) => code)).toEqual(['stt_deaf']);
      await server.clients[0]?.closed;
    });

    it.each([
      ['400 Bad Request', 'stt_rejected'],
      ['401 Unauthorized', 'stt_refused'],
      ['403 Forbidden', 'stt_refused'],
      ['429 Too Many Requests', 'stt_throttled'],
      ['503 Service Unavailable', 'stt_refused'],
    ])('fails once on a handshake that is refused (%s)', async (refusal, code) => {
      server.refuseWith = refusal;
      const stream = provider().open(english, heard);
      stream.push(VOICE);
      await heard.untilFailed();
      expect(heard.errors.map((error) => error.code)).toEqual([code]);
      stream.close();
      expect(heard.told.length).toBe(1);
    });

    it('knows a language that the service does not: that is no fault of the service', async () => {
      answering(({ client }) => client.socket.close(1007, 'Unsupported language xx-429.'));
      const stream = provider().open({ language: 'xx-429', phrases: [] }, heard);
      say(stream, 100, 0);
      await heard.untilFailed();
      expect(heard.errors.map(({ code }) => code)).toEqual(['stt_rejected']);
      stream.close();
    });

    it('knows a quota that is used up from a language that the service does not know, though both close with the same code', async () => {
      answering(({ client }) => client.socket.close(1007, 'Quota exceeded. Cid:'));
      const stream = provider().open(english, heard);
      say(stream, 100, 0);
      await heard.untilFailed();
      expect(heard.errors.map(({ code, retryable }) => [code, retryable])).toEqual([['stt_throttled', true]]);
      expect(server.handshakes).toBe(1);
      stream.close();
    });

    it('fails once on a wrong key, and keeps the key to itself', async () => {
      const wrong = provider({ endpoint: { url: server.url(PATH), key: 'not-this-one' } });
      const stream = wrong.open(english, heard);
      stream.push(VOICE);
      await heard.untilFailed();
      expect(heard.errors.map(({ code }) => code)).toEqual(['stt_refused']);
      expect(JSON.stringify([heard.errors.map((error) => ({ ...error, text: error.stack })), log.lines])).not.toContain('not-this-one');
      stream.close();
      expect(heard.told.length).toBe(1);
    });

    it('goes on over a new connection when the service drops one, without telling anybody', async () => {
      server.script = (frame) => {
        if (frame.path !== 'audio' || frame.body.length < 640) return;
        if (frame.client === server.clients[0]) {
          frame.client.send('turn.start', frame.requestId, { context: { serviceTag: 'x' } });
          frame.client.send('speech.hypothesis', frame.requestId, { Id: '1', Text: 'one', ...times });
          setImmediate(() => frame.client.socket.close(1000));
        } else {
          frame.client.send('speech.hypothesis', frame.requestId, { Id: '1', Text: 'one two', ...times });
        }
      };
      const stream = provider().open(english, heard);
      say(stream, 200, 0);
      await heard.untilTold('~one');
      await server.until(() => server.clients.length > 1);
      say(stream, 200, 0);
      await heard.untilTold('~one two');
      expect(heard.errors).toEqual([]);
      stream.close();
    });

    it('begins another turn when the service ends one in the middle of the call, and says again what no phrase covers', async () => {
      const audioOfSecond = () =>
        Buffer.concat(
          server
            .of('audio')
            .filter(ofSecond)
            .map(({ body }) => body),
        ).subarray(44);
      const ofSecond = ({ requestId }: ReceivedFrame) => requestId !== server.of('audio')[0]?.requestId;
      server.script = ({ path, requestId, client }) => {
        if (path !== 'audio' || server.of('speech.context').length > 1 || audioBytes(server).length !== 44 + 10 * 640) return;
        client.send('turn.start', requestId, { context: { serviceTag: 'x' } });
        client.send('speech.phrase', requestId, phraseUntil(80));
        client.send('turn.end', requestId, {});
      };
      const stream = provider().open(english, heard);
      for (let index = 1; index <= 10; index++) stream.push(new Int16Array(320).fill(index));
      await server.untilFrame('speech.context', 2);
      for (let index = 11; index <= 16; index++) stream.push(new Int16Array(320).fill(index));
      await server.until(() => audioOfSecond().length >= 12 * 640 && audioOfSecond().readInt16LE(audioOfSecond().length - 640) === 16);
      const said = firstSamples(audioOfSecond());
      expect(said.slice(said.indexOf(5))).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]); // the first four frames are the phrase
      expect(Math.min(...said)).toBe(5);
      expect(server.clients.length).toBe(1);
      expect(heard.told).toEqual(['One.']);
      stream.close();
    });

    it.each([
      ['before the service has answered', false],
      ['in a turn that the service never ends', true],
    ])('closes at once (%s), and leaves no connection behind', async (_when, hasAnswered) => {
      if (hasAnswered) answering(() => undefined);
      const stream = provider().open(english, heard);
      say(stream, 100, 0);
      await server.untilFrame('audio', 2);
      stream.close();
      stream.close();
      stream.push(VOICE);
      await server.clients[0]?.closed;
      expect(heard.told).toEqual([]);
      expect(server.clients.length).toBe(1);
    });

    it('leaves no connection behind when it is closed before it has one', async () => {
      const stream = provider().open(english, heard);
      stream.close();
      const later = provider().open(english, new HeardWords());
      later.push(VOICE);
      await server.untilFrame('speech.context');
      later.close();
      await Promise.all(server.clients.map(({ closed }) => closed));
    });

    it('refuses an address without a path', () => {
      expect(() => provider({ endpoint: { url: server.url(''), key: KEY } })).toThrow(/full path/);
    });
  });
}

/** All audio that came, in one piece. */
function audioBytes(server: ScriptedSpeechServer): Buffer {
  return Buffer.concat(server.of('audio').map(({ body }) => body));
}

/** One of each 20 ms. */
function firstSamples(audio: Buffer): number[] {
  return Array.from({ length: audio.length / 640 }, (_, frame) => audio.readInt16LE(frame * 640));
}

function phraseUntil(endMs: number): object {
  const best = { Confidence: 0.9, Lexical: 'one', ITN: 'one', MaskedITN: 'one', Display: 'One.' };
  return { Id: '2', RecognitionStatus: 'Success', DisplayText: 'One.', NBest: [best], Offset: 0, Duration: endMs * 10_000 };
}
