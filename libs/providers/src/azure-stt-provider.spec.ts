import { AzureSttProvider } from './azure-stt-provider.js';
import { azureSttContract } from './testing/azure-stt-contract.js';
import { RecordingLog } from './testing/recording-log.js';
import { KEY, ScriptedSpeechServer } from './testing/scripted-speech-server.js';
import { HeardWords, say } from './testing/stt-contract.js';

azureSttContract('the SDK', (settings) => new AzureSttProvider(settings));

describe('Azure recognition by the SDK', () => {
  let server: ScriptedSpeechServer;
  beforeEach(async () => {
    server = new ScriptedSpeechServer();
    await server.listen();
  });
  afterEach(() => server.close());

  function provider(options: { deafAfterMs?: number } = {}): AzureSttProvider {
    return new AzureSttProvider({
      endpoint: { url: server.url('/stt/speech/universal/v2'), key: KEY },
      log: new RecordingLog(),
      ...options,
    });
  }

  it('sends audio in blocks of 40 ms', async () => {
    const stream = provider().open({ language: 'en-US', phrases: [] }, new HeardWords());
    say(stream, 120, 0);
    await server.untilFrame('audio', 4); // a RIFF header, three blocks
    const blocks = server.of('audio').slice(1);
    expect(blocks.map(({ body }) => body.length)).toEqual([1_280, 1_280, 1_280]);
    stream.close();
  });

  it('fails, too, when a broken message has made the SDK deaf', async () => {
    server.script = (frame) => {
      if (frame.path === 'audio' && server.of('audio').length === 1) frame.client.socket.send('Path:turn.start\r\n\r\n{}');
    };
    const heard = new HeardWords();
    const stream = provider({ deafAfterMs: 200 }).open({ language: 'en-US', phrases: [] }, heard);
    say(stream, 100, 0);
    await server.untilFrame('audio', 2);
    server.of('audio')[0]?.client.send('turn.start', server.of('audio')[0]?.requestId ?? '', { context: { serviceTag: 'x' } });
    say(stream, 0);
    await heard.untilFailed();
    expect(heard.errors.map(({ code }) => code)).toEqual(['stt_deaf']);
  });
});
