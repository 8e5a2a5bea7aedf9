import { createCallTokens } from '@carillon/telephony';
import type { WebSocket } from 'ws';
import {
  CALL_SECRET,
  CARRIER_TOKEN,
  METADATA,
  TestPhone,
  callContext,
  closed,
  eventually,
  handshake,
  openSocket,
  scriptedProviders,
  stageWorker,
  type StagedWorker,
} from './media-worker.spec-support.js';

const SIGNED = { headers: { authorization: CARRIER_TOKEN } };

describe('a media worker', () => {
  let staged: StagedWorker;

  beforeEach(async () => {
    staged = await stageWorker({ slots: 2, contexts: ['c1', 'c2', 'c3'].map((id) => callContext(id)) });
  });
  afterEach(() => staged.worker.close());

  const stillUp = async () => {
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c3')));
    await eventually(() => phone.framesHeard > 0, 'another call hears its greeting');
    phone.socket.close();
  };

  describe('refuses', () => {
    it('a socket without a token', async () => {
      expect(await handshake(`${staged.worker.url.replace('http', 'ws')}/m/c1`, SIGNED)).toEqual({
        status: 401,
        text: 'the media token is missing\n',
      });
    });

    it('a wrong token, an expired one, and one for another call', async () => {
      const tokens = createCallTokens(CALL_SECRET);
      const expired = await tokens.mediaToken({ tenantId: 'default', callId: 'c1' }, new Date(Date.now() - 1_000));
      const others = await tokens.mediaToken({ tenantId: 'default', callId: 'c2' }, new Date(Date.now() + 60_000));
      const texts = ['not-a-token', expired, others].map(async (token) => handshake(await staged.mediaUrl('c1', token), SIGNED));
      expect(await Promise.all(texts)).toEqual([
        { status: 401, text: 'the media token is no JSON web token\n' },
        { status: 401, text: 'the media token has expired\n' },
        { status: 401, text: 'the media token is for another call\n' },
      ]);
    });

    it('a socket that the carrier did not sign', async () => {
      const answer = await handshake(await staged.mediaUrl('c1'), { headers: { authorization: 'Bearer forged' } });
      expect(answer).toMatchObject({ status: 401, text: expect.stringContaining("the carrier's signature") });
    });

    it('an unknown path, an unknown call, an ended call', async () => {
      const call = staged.calls.get('c2');
      if (call) call.ended = true;
      expect(await handshake(`${staged.worker.url.replace('http', 'ws')}/elsewhere`, SIGNED)).toMatchObject({ status: 404 });
      expect(await handshake(await staged.mediaUrl('c9'), SIGNED)).toEqual({ status: 404, text: 'there is no such call\n' });
      expect(await handshake(await staged.mediaUrl('c2'), SIGNED)).toEqual({ status: 404, text: 'the call has ended\n' });
      await stillUp();
    });

    it('a call when all slots are taken, and takes it when one is free again', async () => {
      const first = await openSocket(await staged.mediaUrl('c1'));
      await openSocket(await staged.mediaUrl('c2'));
      expect(await handshake(await staged.mediaUrl('c3'), SIGNED)).toEqual({ status: 503, text: 'all slots of this worker are taken\n' });
      first.close();
      await eventually(() => staged.worker.openCalls === 1, 'the slot is free');
      await stillUp();
      expect(await staged.metricsText()).toMatch(/carillon_media_rejects_total\{reason="full",[^}]*\} 1/);
    });
  });

  describe('closes a call, writes its end and stays up, when the socket', () => {
    const ended = async (reason: string) => {
      await eventually(() => staged.wrapUps.includes('c1'), 'the call is wrapped up');
      expect(staged.calls.get('c1')?.outcome).toMatchObject({ exchanges: 0, agentClosed: false });
      expect(staged.hungUp).toEqual(['connection-1']);
      expect(await staged.metricsText()).toMatch(new RegExp(`carillon_media_calls_ended_total\\{reason="${reason}",[^}]*\\} 1`));
      await stillUp();
    };
    const send = async (...messages: (string | Buffer)[]): Promise<WebSocket> => {
      const socket = await openSocket(await staged.mediaUrl('c1'));
      for (const message of messages) socket.send(message);
      return socket;
    };

    it('sends garbage', async () => {
      const socket = await send(METADATA, Buffer.from([0xff, 0x00, 0xfe]));
      expect(await closed(socket)).toEqual({ code: 1003, reason: 'a media message that is no JSON' });
      await ended('garbage');
    });

    it('sends audio before saying what it is', async () => {
      const socket = await send('{"kind":"AudioData","audioData":{"data":"AAA="}}');
      expect(await closed(socket)).toEqual({ code: 1003, reason: 'audio before its metadata' });
      await ended('garbage');
    });

    it('sends a message of 10 MB', async () => {
      const socket = await send(METADATA, 'x'.repeat(10 * 1024 * 1024));
      socket.on('error', () => undefined); // the rest of the message has nowhere to go
      expect((await closed(socket)).code).toBe(1009);
      await ended('too_large');
    });
  });

  it('hangs up nothing and wraps up when the callee hangs up', async () => {
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => phone.framesHeard > 10, 'the greeting is heard');
    const call = staged.calls.get('c1');
    if (call) call.ended = true;
    phone.socket.close();
    await eventually(() => staged.wrapUps.includes('c1'), 'the call is wrapped up');
    expect(staged.hungUp).toEqual([]);
    expect([...(call?.messages.values() ?? [])]).toMatchObject([{ persona: 'assistant', content: expect.stringContaining('Hello') }]);
  });

  it('gives a call to its newest socket, which greets whom the first has hardly greeted', async () => {
    const first = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => first.framesHeard > 10, 'the greeting is heard');
    const firstClosed = closed(first.socket);
    const second = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    expect(await firstClosed).toEqual({ code: 1001, reason: 'superseded' });
    await eventually(() => second.framesHeard > 10, 'the call goes on');
    expect(staged.calls.get('c1')).toMatchObject({ epoch: 2 });
    expect(staged.worker.openCalls).toBe(1);
    expect(staged.hungUp).toEqual([]);
    second.socket.close();
    await eventually(() => staged.wrapUps.includes('c1'), 'the call is wrapped up');
    const said = [...(staged.calls.get('c1')?.messages.values() ?? [])].map(({ content }) => content);
    expect(said).toEqual([expect.stringMatching(/^Hello,/), expect.stringMatching(/^Hello, this/)]);
  });

  it('takes nothing new while it drains, lets calls end, and leaves the rest to other workers at the deadline', async () => {
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => phone.framesHeard > 0, 'the greeting is heard');
    await staged.worker.stopTaking();
    expect(await handshake(await staged.mediaUrl('c2'), SIGNED)).toEqual({ status: 503, text: 'this worker is about to stop\n' });
    expect(staged.announced.at(-1)).toEqual({ workerId: expect.stringMatching(/^host-1:\d+$/), slots: 1 });
    const socketClosed = closed(phone.socket);
    await staged.worker.drain(200);
    expect(await socketClosed).toEqual({ code: 1001, reason: 'moved' });
    expect(staged.calls.get('c1')?.kept).toMatchObject({ epoch: 1 });
    // what there is by now is written, for when nobody takes the call; who hangs up then is the dialer
    expect(staged.calls.get('c1')?.outcome).toMatchObject({ exchanges: 0, agentClosed: false });
    expect(staged.hungUp).toEqual([]);
  });

  it('is drained at once when no call is open', async () => {
    const before = performance.now();
    await staged.worker.drain(60_000);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe('a call in which a provider cannot even be opened', () => {
  it('ends by itself, and no other with it', async () => {
    const staged = await stageWorker({
      contexts: [callContext('broken'), callContext('fine')],
      providersFor: ({ callId }) => {
        if (callId === 'broken') throw new Error('no such voice');
        return scriptedProviders();
      },
    });
    const fine = new TestPhone(await openSocket(await staged.mediaUrl('fine')));
    const broken = await openSocket(await staged.mediaUrl('broken'), 'connection-2');
    broken.send(METADATA);
    expect((await closed(broken)).reason).toBe('internal_error');
    const heard = fine.framesHeard;
    await eventually(() => fine.framesHeard > heard, 'the other call goes on');
    await eventually(() => staged.hungUp.includes('connection-2'), 'the broken call is hung up');
    fine.socket.close();
    await staged.worker.close();
  });
});
