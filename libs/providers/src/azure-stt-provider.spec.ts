import type { SttListener } from '@carillon/pipeline';
import { AzureSttProvider, type AzureSttOptions } from './azure-stt-provider.js';
import type { ProviderError } from './provider-error.js';
import { RecordingLog } from './testing/recording-log.js';
import { KEY, type ReceivedFrame, ScriptedSpeechServer } from './testing/scripted-speech-server.js';

let server: ScriptedSpeechServer;
const log = new RecordingLog();

beforeEach(async () => {
  server = new ScriptedSpeechServer();
  await server.listen();
});

afterEach(() => server.close());

class Heard implements SttListener {
  readonly said: string[] = [];
  readonly errors: ProviderError[] = [];
  #wake: (() => void) | undefined;

  interim(text: string): void {
    this.#note(`interim ${text}`);
  }

  final(text: string, confidence: number): void {
    this.#note(`final ${text} ${confidence}`);
  }

  failed(error: Error): void {
    this.errors.push(error as ProviderError);
    this.#note('failed');
  }

  async until(line: string): Promise<void> {
    while (!this.said.includes(line)) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #note(line: string): void {
    this.said.push(line);
    this.#wake?.();
  }
}

function provider(options: Partial<AzureSttOptions> = {}): AzureSttProvider {
  return new AzureSttProvider({ endpoint: { url: server.url('/stt/speech/universal/v2'), key: KEY }, log, ...options });
}

function frameOf(value: number): Int16Array {
  return new Int16Array(320).fill(value);
}

/** Answers the first audio of a turn with `turn.start` and the given messages. */
function answering(messages: (frame: ReceivedFrame) => void): void {
  server.script = (frame) => {
    if (frame.path !== 'audio' || server.of('audio').length !== 1) return;
    frame.client.send('turn.start', frame.requestId, { context: { serviceTag: 'x' } });
    messages(frame);
  };
}

const times = { Offset: 0, Duration: 10_000_000, Channel: 0 };

describe('Azure recognition', () => {
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
    const heard = new Heard();
    const stream = provider().open({ language: 'en-US', phrases: ['Ann'] }, heard);
    for (let index = 0; index < 5; index++) stream.push(frameOf(index));
    await heard.until('final My name is Ann. 0.75');
    expect(heard.said).toEqual(['interim my name', 'final My name is Ann. 0.75']);
    stream.close();
  });

  it('asks for what a telephone agent needs and sends the key in a header', async () => {
    const stream = provider({ segmentationSilenceMs: 450 }).open({ language: 'en-GB', phrases: ['Contoso'] }, new Heard());
    stream.push(frameOf(1));
    const context = await server.untilFrame('speech.context');
    expect(JSON.parse(context.body.toString())).toMatchObject({
      phraseDetection: { conversation: { segmentation: { segmentationSilenceTimeoutMs: 450 } } },
      dgi: { groups: [{ items: [{ text: 'Contoso' }] }] },
    });
    const query = new URL(context.client.request.url ?? '', 'ws://x').searchParams;
    expect(query.get('language')).toBe('en-GB');
    expect(query.get('format')).toBe('detailed');
    expect(context.client.request.headers['sec-websocket-extensions']).toBeUndefined(); // nothing is compressed
    const config = await server.untilFrame('speech.config');
    expect(JSON.parse(config.body.toString())).not.toHaveProperty('context.os'); // telemetry is off
    stream.close();
  });

  it('sends audio in blocks of 40 ms, whole and in order, though the caller uses its buffer again', async () => {
    const stream = provider().open({ language: 'en-US', phrases: [] }, new Heard());
    const buffer = new Int16Array(320);
    for (let index = 1; index <= 6; index++) stream.push(buffer.fill(index));
    await server.untilFrame('audio', 4); // a RIFF header, three blocks
    const blocks = server.of('audio').slice(1);
    expect(blocks.map(({ body }) => body.length)).toEqual([1_280, 1_280, 1_280]);
    expect(blocks.map(({ body }) => [body.readInt16LE(0), body.readInt16LE(640)])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    stream.close();
  });

  it('takes back what it showed when it was no speech after all', async () => {
    answering(({ client, requestId }) => {
      client.send('speech.hypothesis', requestId, { Id: '1', Text: 'uh', ...times });
      client.send('speech.phrase', requestId, { Id: '2', RecognitionStatus: 'NoMatch', ...times });
    });
    const heard = new Heard();
    const stream = provider().open({ language: 'en-US', phrases: [] }, heard);
    for (let index = 0; index < 5; index++) stream.push(frameOf(index));
    await heard.until('interim ');
    expect(heard.said).toEqual(['interim uh', 'interim ']);
    stream.close();
  });

  it('fails when the service takes audio for long and says nothing', async () => {
    const heard = new Heard();
    const stream = provider({ deafAfterMs: 200 }).open({ language: 'en-US', phrases: [] }, heard);
    await server.untilFrame('speech.context');
    for (let index = 0; index < 30; index++) stream.push(frameOf(index));
    await heard.until('failed');
    expect(heard.errors.map(({ code }) => code)).toEqual(['stt_deaf']);
    await server.clients[0]?.closed;
  });

  it('fails, too, when a broken message has made the SDK deaf', async () => {
    server.script = (frame) => {
      if (frame.path === 'audio' && server.of('audio').length === 1) frame.client.socket.send('Path:turn.start\r\n\r\n{}');
    };
    const heard = new Heard();
    const stream = provider({ deafAfterMs: 200 }).open({ language: 'en-US', phrases: [] }, heard);
    for (let index = 0; index < 5; index++) stream.push(frameOf(index));
    await server.untilFrame('audio', 2);
    server.of('audio')[0]?.client.send('turn.start', server.of('audio')[0]?.requestId ?? '', { context: { serviceTag: 'x' } });
    for (let index = 0; index < 30; index++) stream.push(frameOf(index));
    await heard.until('failed');
    expect(heard.errors.map(({ code }) => code)).toEqual(['stt_deaf']);
  });

  it('fails once on a wrong key, and keeps the key to itself', async () => {
    const heard = new Heard();
    const wrong = provider({ endpoint: { url: server.url('/stt/speech/universal/v2'), key: 'not-this-one' } });
    const stream = wrong.open({ language: 'en-US', phrases: [] }, heard);
    stream.push(frameOf(1));
    await heard.until('failed');
    expect(heard.errors.map(({ code }) => code)).toEqual(['stt_refused']);
    expect(JSON.stringify([heard.errors, log.lines])).not.toContain('not-this-one');
    stream.close();
    expect(heard.said).toEqual(['failed']);
  });

  it('goes on over a new connection when the service drops one, without telling anybody', async () => {
    server.script = (frame) => {
      if (frame.path !== 'audio' || frame.body.length !== 1_280) return;
      if (frame.client === server.clients[0]) {
        frame.client.send('turn.start', frame.requestId, { context: { serviceTag: 'x' } });
        frame.client.send('speech.hypothesis', frame.requestId, { Id: '1', Text: 'one', ...times });
        setImmediate(() => frame.client.socket.close(1000));
      } else {
        frame.client.send('speech.hypothesis', frame.requestId, { Id: '1', Text: 'one two', ...times });
      }
    };
    const heard = new Heard();
    const stream = provider().open({ language: 'en-US', phrases: [] }, heard);
    for (let index = 0; index < 10; index++) stream.push(frameOf(index));
    await heard.until('interim one');
    await server.until(() => server.clients.length > 1);
    for (let index = 0; index < 10; index++) stream.push(frameOf(index));
    await heard.until('interim one two');
    expect(heard.errors).toEqual([]);
    stream.close();
  });

  it('closes at once, also when the service never ends its turn, and leaves no connection behind', async () => {
    const heard = new Heard();
    const stream = provider().open({ language: 'en-US', phrases: [] }, heard);
    for (let index = 0; index < 5; index++) stream.push(frameOf(index));
    await server.untilFrame('audio');
    stream.close();
    stream.close();
    stream.push(frameOf(1));
    await server.clients[0]?.closed;
    expect(heard.said).toEqual([]);
  });

  it('leaves no connection behind when it is closed before it has one', async () => {
    const stream = provider().open({ language: 'en-US', phrases: [] }, new Heard());
    stream.close();
    const later = provider().open({ language: 'en-US', phrases: [] }, new Heard());
    later.push(frameOf(1));
    await server.untilFrame('speech.context');
    later.close();
    await Promise.all(server.clients.map(({ closed }) => closed));
  });

  it('refuses an address without a path, which would send the SDK to port 443', () => {
    expect(() => provider({ endpoint: { url: server.url(''), key: KEY } })).toThrow(/full path/);
  });
});
