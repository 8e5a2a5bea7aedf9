import { hearUtterances } from '../testing/hearing-service.js';
import { stageSocketEachTest } from '../testing/socket-stage.js';
import { QUIET, say } from '../testing/stt-contract.js';

const english = { language: 'en-US', phrases: [] };

const stage = stageSocketEachTest();

describe('a connection that is opened while the phone rings', () => {
  it('is the one that the call uses: it does no handshake', async () => {
    hearUtterances(stage.server, ['yes that is me']);
    const stt = stage.provider();
    stt.warm('en-US');
    await stage.server.untilFrame('speech.config');
    const stream = stt.open({ ...english, phrases: ['Contoso'] }, stage.heard);
    say(stream, 800);
    await stage.heard.untilTold('yes that is me');
    expect(stage.server.handshakes).toBe(1);
    expect(stage.server.of('speech.context')[0]?.body.toString()).toContain('Contoso');
    expect(new Set(stage.server.frames.map(({ requestId }) => requestId)).size).toBe(1);
    stream.close();
    expect(stage.clock.pending).toBe(0);
  });

  it('is taken even when its handshake is still under way', async () => {
    hearUtterances(stage.server, ['yes']);
    const stt = stage.provider();
    stt.warm('en-US');
    const stream = stt.open(english, stage.heard);
    say(stream, 200);
    await stage.heard.untilTold('yes');
    expect(stage.server.handshakes).toBe(1);
    stream.close();
  });

  it('serves its own language only', async () => {
    const stt = stage.provider();
    stt.warm('en-US');
    await stage.server.untilFrame('speech.config');
    const stream = stt.open({ language: 'de-DE', phrases: [] }, stage.heard);
    const { client } = await stage.server.untilFrame('speech.context');
    expect(client.request.url).toContain('language=de-DE');
    stream.close();
    stt.close();
  });

  it('serves one call', async () => {
    const stt = stage.provider();
    stt.warm('en-US');
    await stage.server.untilFrame('speech.config');
    const streams = [stt.open(english, stage.heard), stt.open(english, stage.heard)];
    await stage.server.untilFrame('speech.context', 2);
    expect(stage.server.handshakes).toBe(2);
    for (const stream of streams) stream.close();
  });

  it('is one of eight at the most, and let go after half a minute', async () => {
    const stt = stage.provider();
    for (let phone = 0; phone < 20; phone++) stt.warm('en-US');
    await stage.server.untilFrame('speech.config', 8);
    await stage.clock.advance(29_999);
    expect(stage.server.clients.map(({ socket }) => socket.readyState)).toEqual(Array(8).fill(1));
    await stage.clock.advance(1);
    await Promise.all(stage.server.clients.map(({ closed }) => closed));
    expect([stage.server.handshakes, stage.clock.pending]).toEqual([8, 0]);
  });

  it('is replaced when the service drops it, and once only', async () => {
    const stt = stage.provider();
    stt.warm('en-US');
    await stage.server.untilFrame('speech.config');
    stage.server.clients[0]?.socket.close(1000);
    await stage.server.untilFrame('speech.config', 2);
    stage.server.clients[1]?.socket.terminate();
    await stage.server.clients[1]?.closed;
    const stream = stt.open(english, stage.heard);
    await stage.server.untilFrame('speech.context');
    expect(stage.server.handshakes).toBe(3);
    stream.close();
    expect(stage.clock.pending).toBe(0);
  });

  it('may die unseen: the call hears over another one what was said meanwhile', async () => {
    hearUtterances(stage.server, ['yes that is me']);
    const hear = stage.server.script;
    stage.server.script = (frame) => void (frame.client !== stage.server.clients[0] && hear(frame));
    const stt = stage.provider();
    stt.warm('en-US');
    await stage.server.untilFrame('speech.config');
    const stream = stt.open(english, stage.heard);
    say(stream, 800);
    await stage.clock.advance(3_000);
    stream.push(QUIET);
    await stage.heard.untilTold('yes that is me');
    expect([stage.heard.errors, stage.server.handshakes]).toEqual([[], 2]);
    stream.close();
  });

  it('may die as it is taken: the call goes on with a new one', async () => {
    hearUtterances(stage.server, ['yes that is me']);
    const stt = stage.provider();
    stt.warm('en-US');
    await stage.server.untilFrame('speech.config');
    stage.server.clients[0]?.socket.terminate();
    const stream = stt.open(english, stage.heard);
    say(stream, 800);
    await stage.heard.untilTold('yes that is me');
    expect([stage.server.handshakes, stage.heard.errors]).toEqual([2, []]);
    stream.close();
  });

  it('is not asked for again at once where the service refuses it', async () => {
    stage.server.refuseWith = '429 Too Many Requests\r\nRetry-After: 20';
    const stt = stage.provider();
    stt.warm('en-US');
    await stage.server.until(() => stage.server.handshakes === 1);
    while (stage.log.lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await stage.clock.advance(19_999);
    stt.warm('en-US');
    await stage.clock.advance(1);
    stt.warm('en-US');
    await stage.server.until(() => stage.server.handshakes === 2);
    stt.close();
    expect(stage.clock.pending).toBe(0);
  });

  it('is left for a while in the language that the service does not know, and in no other', async () => {
    const stt = stage.provider();
    const languages = () => stage.server.clients.map(({ request }) => new URL(request.url ?? '', 'ws://x').searchParams.get('language'));
    stt.warm('xx-XX');
    await stage.server.untilFrame('speech.config');
    stage.server.clients[0]?.socket.close(1007, 'Unsupported language');
    while (stage.log.lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stt.warm('xx-XX');
    stt.warm('de-DE');
    await stage.server.untilFrame('speech.config', 2);
    expect(languages()).toEqual(['xx-XX', 'de-DE']);
    await stage.clock.advance(5_000);
    stt.warm('xx-XX');
    await stage.server.untilFrame('speech.config', 3);
    expect(languages()).toEqual(['xx-XX', 'de-DE', 'xx-XX']);
    stt.close();
    expect(stage.clock.pending).toBe(0);
  });

  it('is left for a while in every language where a quota is used up', async () => {
    const stt = stage.provider();
    stt.warm('en-US');
    await stage.server.untilFrame('speech.config');
    stage.server.clients[0]?.socket.close(1007, 'Quota exceeded. Cid:');
    while (stage.log.lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stt.warm('de-DE');
    await stage.clock.advance(5_000);
    stt.warm('de-DE');
    await stage.server.untilFrame('speech.config', 2);
    expect(stage.server.handshakes).toBe(2);
    stt.close();
    expect(stage.clock.pending).toBe(0);
  });

  it('that cannot even be begun leaves nothing behind that would bring the process down later', async () => {
    const stt = stage.provider({
      endpoint: { url: stage.server.url('/stt/speech/universal/v2'), key: 'a-key-with-a-zero-width-space\u200b' },
    });
    expect(() => stt.warm('en-US')).toThrow();
    expect(stage.clock.pending).toBe(0);
    await stage.clock.advance(30_000);
    stt.close();
  });

  it('is let go when the process ends, and none is opened after that', async () => {
    const stt = stage.provider();
    stt.warm('en-US');
    await stage.server.untilFrame('speech.config');
    stt.close();
    stt.warm('en-US');
    await stage.server.clients[0]?.closed;
    expect([stage.server.handshakes, stage.clock.pending]).toEqual([1, 0]);
  });

  it('stays quiet, whatever the service says on it', async () => {
    const stt = stage.provider();
    stt.warm('en-US');
    const { client, requestId } = await stage.server.untilFrame('speech.config');
    client.send('turn.start', requestId, {});
    client.socket.send('what?');
    const stream = stt.open(english, stage.heard);
    stream.push(QUIET);
    await stage.server.untilFrame('audio', 2);
    stream.close();
  });
});
