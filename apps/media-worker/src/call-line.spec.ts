import { acsMediaCodec } from '@carillon/telephony';
import { VirtualClock } from '@carillon/testing';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { MediaSocket } from './media-socket.js';
import { METADATA, TestPhone, callContext, eventually, openSocket, stageWorker } from './media-worker.spec-support.js';

it('a call at 24 kHz is spoken and understood at 24 kHz, from the handshake to its last written word', async () => {
  const staged = await stageWorker({ contexts: [callContext('c1')] });
  const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')), 5_000, 24_000);
  const said = () => [...(staged.calls.get('c1')?.messages.values() ?? [])].map(({ persona, content }) => `${persona}: ${content}`);
  await eventually(() => said().length === 1, 'the greeting is heard');
  phone.speak(500);
  await eventually(() => said().length === 3, 'the person is answered', 8_000);
  expect(said()).toEqual([expect.stringMatching(/^assistant: Hello,/), 'human: hello there', 'assistant: All right.']);
  expect(phone.samplesHeard).toEqual(new Set([480]));
  phone.socket.close();
  await eventually(() => staged.wrapUps.includes('c1'), 'the call is wrapped up');
  await staged.worker.close();
});

it('what a carrier lost, and what it sent twice, is in the metrics', async () => {
  const staged = await stageWorker({ contexts: [callContext('c1')] });
  const socket = await openSocket(await staged.mediaUrl('c1'));
  const data = Buffer.from(new Int16Array(320).fill(1_000).buffer).toString('base64');
  const send = (n: number) =>
    socket.send(JSON.stringify({ kind: 'AudioData', audioData: { timestamp: new Date(n * 20).toISOString(), data, silent: false } }));
  socket.send(METADATA);
  for (const n of [0, 1, 5, 6, 6, 7]) send(n);
  const counted = async (name: string) =>
    Number(new RegExp(`carillon_media_frames_${name}_total(?:\\{[^}]*\\})? (\\d+)`).exec(await staged.metricsText())?.[1]);
  let framesIn = 0;
  await eventually(() => {
    void counted('in').then((count) => (framesIn = count));
    return framesIn === 6;
  }, 'all frames have come');
  expect(await Promise.all(['lost', 'concealed', 'duplicated'].map(counted))).toEqual([3, 3, 1]);
  socket.close();
  await eventually(() => staged.worker.openCalls === 0, 'the call is over');
  expect(await counted('lost')).toBe(3);
  await staged.worker.close();
});

describe('a real media socket', () => {
  /** Both ends of one socket; the far end answers pings, or does not. */
  async function connected(autoPong: boolean) {
    const clock = new VirtualClock();
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
    const far = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong });
    let pings = 0;
    far.on('ping', () => (pings += 1));
    const socket = await accepted;
    const story: string[] = [];
    const listener = {
      opened: () => void story.push('opened'),
      audio: () => undefined,
      tone: () => undefined,
      closed: (end: string) => void story.push(`closed: ${end}`),
      dropped: () => undefined,
    };
    new MediaSocket({ socket, codec: acsMediaCodec, clock, listener });
    await new Promise((resolve) => (far.readyState === WebSocket.OPEN ? resolve(null) : far.once('open', resolve)));
    far.send(METADATA);
    await eventually(() => story.length === 1, 'the format has come');
    return { clock, server, far, socket, story, pings: () => pings };
  }

  it('is pinged each 30 s and lives while the far end answers', async () => {
    const { clock, server, far, socket, story, pings } = await connected(true);
    for (let round = 1; round <= 3; round += 1) {
      const answered = new Promise((resolve) => socket.once('pong', resolve));
      await clock.advance(30_000);
      await answered;
      expect(pings()).toBe(round);
    }
    expect(story).toEqual(['opened']);
    far.terminate();
    server.close();
  });

  it('is dead 5 s after a ping that was not answered', async () => {
    const { clock, server, far, story, pings } = await connected(false);
    const gone = new Promise((resolve) => far.once('close', resolve));
    await clock.advance(30_000);
    await eventually(() => pings() === 1, 'the ping has come');
    await clock.advance(4_999);
    expect(story).toEqual(['opened']);
    await clock.advance(1);
    expect(story).toEqual(['opened', 'closed: dead']);
    await gone;
    server.close();
  });
});
