import { createRealClock } from '@carillon/testing';
import { AzureSttSocketProvider } from './azure-stt-socket-provider.js';
import { azureSttContract } from './testing/azure-stt-contract.js';
import { hearUtterances } from './testing/hearing-service.js';
import { KEY, type ReceivedFrame } from './testing/scripted-speech-server.js';
import { stageSocketEachTest } from './testing/socket-stage.js';
import { HeardWords, QUIET, say, VOICE } from './testing/stt-contract.js';

azureSttContract('the WebSocket client', (settings) => new AzureSttSocketProvider({ ...settings, clock: createRealClock() }));

const english = { language: 'en-US', phrases: [] };
const times = { Offset: 0, Duration: 10_000_000 };

const stage = stageSocketEachTest();

/** Does this with the first audio of each connection. */
function onFirstAudio(answer: (frame: ReceivedFrame, connection: number) => void): void {
  stage.server.script = (frame) => {
    const isFirst = stage.server.of('audio').filter(({ client }) => client === frame.client).length === 1;
    if (frame.path === 'audio' && isFirst) answer(frame, stage.server.clients.indexOf(frame.client));
  };
}

function start({ client, requestId }: ReceivedFrame): void {
  client.send('turn.start', requestId, { context: { serviceTag: 'x' } });
}

describe('a recognition over a WebSocket of our own', () => {
  it('sends each frame at once, under one id with its context', async () => {
    const stream = stage.provider().open(english, stage.heard);
    await stage.server.untilFrame('speech.context');
    stream.push(VOICE);
    await stage.server.untilFrame('audio', 2);
    expect(stage.server.frames.map(({ path, body }) => [path, path === 'audio' ? body.length : 0])).toEqual([
      ['speech.config', 0],
      ['speech.context', 0],
      ['audio', 44],
      ['audio', 640],
    ]);
    expect(new Set(stage.server.frames.map(({ requestId }) => requestId)).size).toBe(1);
    stream.close();
    expect(stage.clock.pending).toBe(0);
  });

  it('keeps the key out of the address', async () => {
    const stream = stage.provider().open(english, stage.heard);
    const { client } = await stage.server.untilFrame('speech.config');
    expect(client.request.url).not.toContain(KEY);
    stream.close();
  });

  it('keeps what is said during the handshake, in order', async () => {
    hearUtterances(stage.server, ['yes that is me']);
    const stream = stage.provider().open(english, stage.heard);
    say(stream, 800);
    await stage.heard.untilTold('yes that is me');
    stream.close();
  });

  it('loses nothing of five seconds that come at once, and of what is said while the handshake takes its time', async () => {
    const stream = stage.provider().open(english, stage.heard);
    for (let frame = 1; frame <= 400; frame++) stream.push(new Int16Array(320).fill(frame));
    const audio = () => Buffer.concat(stage.server.of('audio').map(({ body }) => body)).subarray(44);
    await stage.server.until(() => audio().length >= 5_000 * 32 && audio().readInt16LE(audio().length - 2) === 400);
    expect([audio().length, audio().readInt16LE(0)]).toEqual([8_000 * 32, 1]);
    stream.close();
  });

  it('gives up a handshake that is not answered', async () => {
    stage.server.silent = true;
    stage.provider().open(english, stage.heard);
    await stage.server.until(() => stage.server.handshakes === 1);
    await stage.clock.advance(2_999);
    expect(stage.heard.told).toEqual([]);
    await stage.clock.advance(1);
    expect(stage.heard.errors.map(({ code, details }) => [code, details])).toEqual([['stt_refused', 'no handshake within 3000 ms']]);
    expect(stage.clock.pending).toBe(0);
  });

  it('tells for how long the service wants to be left alone', async () => {
    stage.server.refuseWith = '429 Too Many Requests\r\nRetry-After: 7';
    stage.provider().open(english, stage.heard);
    await stage.heard.untilFailed();
    expect(stage.heard.errors[0]?.retryAfterMs).toBe(7_000);
    expect(stage.clock.pending).toBe(0);
  });

  it('fails where nobody listens', async () => {
    stage.provider({ endpoint: { url: 'ws://127.0.0.1:1/stt', key: KEY } }).open(english, stage.heard);
    await stage.heard.untilFailed();
    expect(stage.heard.errors.map(({ code }) => code)).toEqual(['stt_refused']);
  });

  it.each([
    ['no request id', 'Path:speech.phrase\r\n\r\n{}'],
    ['broken JSON', 'phrase'],
    ['bytes', Buffer.from([255, 255, 1])],
  ])('asks anew over another connection after something that cannot be read (%s), and misses nothing', async (_what, garbage) => {
    onFirstAudio((frame, connection) => {
      if (connection > 0) return;
      const { requestId } = frame;
      start(frame);
      frame.client.socket.send(garbage === 'phrase' ? `Path:speech.phrase\r\nX-RequestId:${requestId}\r\n\r\n{"Recogn` : garbage);
    });
    const stream = stage.provider().open(english, stage.heard);
    say(stream, 100, 0);
    await stage.server.until(() =>
      stage.server.of('audio').some(({ client, body }) => client === stage.server.clients[1] && body.length === 5 * 640),
    );
    expect(stage.log.lines.map(({ message }) => message)).toEqual(['a recognition goes on over a new connection']);
    stream.close();
  });

  it('lets pass what it does not know: other paths, other turns, an end of speech without a body, a phrase without readings', async () => {
    onFirstAudio((frame) => {
      const { client, requestId } = frame;
      start(frame);
      client.send('speech.keyword', requestId, {});
      client.send('speech.hypothesis', '0'.repeat(32), { Text: 'of another turn' });
      client.socket.send(`Path:speech.endDetected\r\nX-RequestId:${requestId}\r\n\r\n`);
      client.send('speech.phrase', requestId, { RecognitionStatus: 'EndOfDictation' });
      client.send('speech.phrase', requestId, { RecognitionStatus: 'Success', DisplayText: 'Well.', ...times });
    });
    const stream = stage.provider().open(english, stage.heard);
    say(stream, 100, 0);
    await stage.heard.untilTold('Well.');
    expect([stage.heard.told, stage.heard.confidences, stage.server.clients.length]).toEqual([['Well.'], [1], 1]);
    stream.close();
  });

  it.each([
    ['TooManyRequests', 'stt_throttled'],
    ['BadRequest', 'stt_rejected'],
    ['Forbidden', 'stt_refused'],
    ['Error', 'stt_refused'],
  ])('fails when the service refuses in a phrase (%s)', async (status, code) => {
    onFirstAudio(({ client, requestId }) => client.send('speech.phrase', requestId, { RecognitionStatus: status, ...times }));
    say(stage.provider().open(english, stage.heard), 100, 0);
    await stage.heard.untilFailed();
    expect(stage.heard.errors.map((error) => error.code)).toEqual([code]);
  });

  it.each([
    [4429, 'stt_throttled'],
    [1003, 'stt_refused'],
    [1007, 'stt_rejected'],
  ])('does not come back to a service that does not want it (%i)', async (closeCode, code) => {
    onFirstAudio(({ client }) => client.socket.close(closeCode));
    say(stage.provider().open(english, stage.heard), 100, 0);
    await stage.heard.untilFailed();
    expect([stage.heard.errors.map((error) => error.code), stage.server.handshakes]).toEqual([[code], 1]);
  });

  it('gives up on a service that drops every connection, or ends every turn at once', async () => {
    onFirstAudio(({ client }) => client.socket.terminate());
    say(stage.provider().open(english, stage.heard), 100, 0);
    await stage.heard.untilFailed();
    expect([stage.heard.errors.map(({ code }) => code), stage.server.handshakes]).toEqual([['stt_refused'], 5]);

    const other = new HeardWords();
    stage.server.script = ({ path, requestId, client }) => void (path === 'audio' && client.send('turn.end', requestId, {}));
    say(stage.provider().open(english, other), 100, 0);
    await other.untilFailed();
    expect([other.errors.map(({ code }) => code), stage.server.handshakes]).toEqual([['stt_refused'], 6]);
  });

  /** Has each connection hear nothing in the first audio, of so many ticks, and then break, up to the tenth. */
  function breakAfterPhraseOf(ticks: number): void {
    let connections = 0;
    stage.server.script = (frame) => {
      if (frame.path !== 'audio' || frame.body.length < 640 || connections === stage.server.clients.length) return;
      connections = stage.server.clients.length;
      start(frame);
      frame.client.send('speech.phrase', frame.requestId, { RecognitionStatus: 'NoMatch', Offset: 0, Duration: ticks });
      if (connections < 10) frame.client.socket.close(1000);
    };
  }

  it('does not give up where phrases come between', async () => {
    breakAfterPhraseOf(200_000);
    const stream = stage.provider().open(english, stage.heard);
    say(stream, 400, 0);
    await stage.heard.until(() => stage.heard.told.length === 10);
    expect([stage.heard.told, stage.server.handshakes]).toEqual([Array(10).fill('~'), 10]);
    stream.close();
  });

  it('gives up where phrases come between that cover nothing', async () => {
    breakAfterPhraseOf(1);
    say(stage.provider().open(english, stage.heard), 400, 0);
    await stage.heard.untilFailed();
    expect([stage.heard.errors.map(({ code }) => code), stage.server.handshakes]).toEqual([['stt_refused'], 5]);
  });

  it('says no more than the last five seconds again', async () => {
    onFirstAudio((frame, connection) => void (connection === 0 && start(frame)));
    const stream = stage.provider().open(english, stage.heard);
    await stage.server.untilFrame('speech.context');
    const bytesOf = (connection: number) =>
      stage.server.frames
        .filter(({ path, client }) => path === 'audio' && client === stage.server.clients[connection])
        .reduce((sum, { body }) => sum + body.length, -44);
    for (let second = 1; second <= 8; second++) {
      say(stream, 1_000, 0);
      await stage.server.until(() => bytesOf(0) === second * 32_000);
    }
    stage.server.clients[0]?.socket.terminate();
    await stage.server.until(() => stage.server.clients.length === 2 && bytesOf(1) >= 160_000);
    expect(bytesOf(1)).toBe(160_000);
    stream.close();
  });

  it('leaves a connection that takes the first audio and does not answer within 3 s, long before it would count as deaf', async () => {
    hearUtterances(stage.server, ['yes that is me']);
    const hear = stage.server.script;
    stage.server.script = (frame) => void (frame.client !== stage.server.clients[0] && hear(frame));
    const stream = stage.provider().open(english, stage.heard);
    await stage.server.untilFrame('speech.context');
    say(stream, 800);
    await stage.clock.advance(2_999);
    stream.push(QUIET);
    expect(stage.log.lines).toEqual([]);
    await stage.clock.advance(1);
    stream.push(QUIET);
    await stage.heard.untilTold('yes that is me');
    expect([stage.server.handshakes, stage.log.lines.map(({ fields }) => fields)]).toMatchObject([
      2,
      [{ details: 'no answer to the first audio' }],
    ]);
    stream.close();
  });

  it('gives a connection its time however much audio it takes at once: what is said again is no measure of it', async () => {
    const stream = stage.provider().open(english, stage.heard);
    await stage.server.untilFrame('speech.context');
    say(stream, 0, 4_900);
    await stage.server.until(() => stage.server.of('audio').reduce((sum, { body }) => sum + body.length, -44) === 4_900 * 32);
    expect([stage.server.handshakes, stage.log.lines]).toEqual([1, []]);
    stream.close();
  });

  it('leaves a connection on which the network takes nothing any more', async () => {
    onFirstAudio((frame, connection) => {
      start(frame);
      if (connection === 0) frame.client.socket.pause();
    });
    const stream = stage.provider({ deafAfterMs: Infinity }).open(english, stage.heard);
    await stage.server.untilFrame('audio');
    // more than fits into the buffers of the network: nobody reads it
    for (let second = 0; second < 600 && stage.server.handshakes === 1; second++) {
      say(stream, 1_000, 0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await stage.server.until(() => stage.server.handshakes === 2);
    expect(stage.log.lines.map(({ fields }) => fields)).toMatchObject([{ details: 'the network takes no audio' }]);
    stream.close();
  });
});
