import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CARRIER_TOKEN,
  METADATA,
  TestPhone,
  callContext,
  closed,
  eventually,
  handshake,
  openSocket,
  stageWorker,
  type StagedWorker,
} from './media-worker.spec-support.js';

const SIGNED = { headers: { authorization: CARRIER_TOKEN } };

/** Two workers with one memory behind them. The phones of these tests all come to the first one. */
describe('a worker without room', () => {
  let first: StagedWorker;
  let second: StagedWorker;

  beforeEach(async () => {
    first = await stageWorker({ slots: 1, hostName: 'first', contexts: ['c1', 'c2', 'c3'].map((id) => callContext(id)) });
    const { carrier: _own, ...shared } = first.outside;
    second = await stageWorker({ slots: 1, hostName: 'second', outside: shared });
  });
  afterEach(async () => {
    await Promise.all([first.worker.close(), second.worker.close()]);
  });

  const passedOn = async (result: string) =>
    Number(new RegExp(`passed_on_total\\{result="${result}",[^}]*\\} (\\d+)`).exec(await first.metricsText())?.[1] ?? 0);
  const relays = async () => /relays_open(?:\{[^}]*\})? (\d+)/.exec(await first.metricsText())?.[1];

  it('passes a call on to one that has room, which holds it: sound both ways, a close code, and an end that is written', async () => {
    await openSocket(await first.mediaUrl('c1'));
    const phone = new TestPhone(await openSocket(await first.mediaUrl('c2'), 'connection-2'));
    await eventually(() => phone.framesHeard > 10, 'the greeting is heard');
    expect([first.worker.openCalls, second.worker.openCalls]).toEqual([1, 1]);
    expect(first.calls.get('c2')).toMatchObject({ epoch: 1 });
    expect([await passedOn('passed'), await relays()]).toEqual([1, '1']);
    phone.speak(500);
    await eventually(
      () => [...(first.calls.get('c2')?.messages.values() ?? [])].some(({ persona }) => persona === 'human'),
      'the person is heard',
    );

    const end = closed(phone.socket);
    await second.worker.drain(0);
    expect(await end).toEqual({ code: 1001, reason: 'moved' });
    expect(first.wrapUps).toContain('c2');
    expect(second.hungUp).toEqual([]);
    await eventually(() => first.worker.openCalls === 1, 'the other call goes on');
  });

  it('tells the other worker at once that the carrier has gone', async () => {
    await openSocket(await first.mediaUrl('c1'));
    const phone = await openSocket(await first.mediaUrl('c2'));
    phone.send(METADATA);
    await eventually(() => second.worker.openCalls === 1, 'the call is held');
    phone.terminate();
    await eventually(() => second.worker.openCalls === 0, 'the place is free');
    await eventually(() => first.wrapUps.includes('c2'), 'the call is wrapped up');
  });

  it('passes calls on while it drains, waits for them, and cuts them at the deadline', async () => {
    await first.worker.stopTaking();
    const phone = new TestPhone(await openSocket(await first.mediaUrl('c2')));
    await eventually(() => phone.framesHeard > 0, 'the greeting is heard');
    const cut = closed(phone.socket);
    await first.worker.drain(200);
    expect((await cut).code).toBe(1006);

    const again = new TestPhone(await openSocket((await second.mediaUrl('c2')).toString()));
    await eventually(() => again.framesHeard > 0, 'the call goes on where its next socket lands');
    expect(first.calls.get('c2')?.epoch).toBe(2);
  });

  it('gives its own call to the other worker when it drains and the carrier opens a second socket', async () => {
    const phone = new TestPhone(await openSocket(await first.mediaUrl('c1')));
    await eventually(() => phone.framesHeard > 10, 'the greeting is heard');
    await first.worker.stopTaking();
    const end = closed(phone.socket);
    const again = new TestPhone(await openSocket(await first.mediaUrl('c1')));
    expect(await end).toEqual({ code: 1001, reason: 'superseded' });
    await eventually(() => again.framesHeard > 0, 'the call goes on');
    expect([first.worker.openCalls, second.worker.openCalls, first.calls.get('c1')?.epoch]).toEqual([0, 1, 2]);
  });

  it('refuses when all others are full or draining, and asks no worker twice', async () => {
    await openSocket(await first.mediaUrl('c1'));
    await second.worker.stopTaking();
    expect(await handshake(await first.mediaUrl('c2'), SIGNED)).toEqual({ status: 503, text: 'all slots of this worker are taken\n' });
    await first.worker.stopTaking();
    expect(await handshake(await first.mediaUrl('c3'), SIGNED)).toEqual({ status: 503, text: 'this worker is about to stop\n' });
    expect([await passedOn('no_room'), await passedOn('refused'), second.worker.openCalls]).toEqual([2, 0, 0]);
  });

  it('refuses a call that was passed on to it, instead of passing it on once more', async () => {
    await openSocket(await first.mediaUrl('c1'));
    const headers = { ...SIGNED.headers, 'x-carillon-passed-on-by': 'third:1' };
    expect(await handshake(await first.mediaUrl('c2'), { headers })).toMatchObject({ status: 503 });
    expect(second.worker.openCalls).toBe(0);
  });

  it('asks nobody about a call whose token or signature is wrong', async () => {
    await openSocket(await first.mediaUrl('c1'));
    expect(await handshake(await first.mediaUrl('c2', 'forged'), SIGNED)).toMatchObject({ status: 401 });
    expect(await handshake(await first.mediaUrl('c2'), { headers: { authorization: 'Bearer forged' } })).toMatchObject({ status: 401 });
    expect(second.worker.openCalls).toBe(0);
  });

  describe('asks the next one when a worker', () => {
    let hanging: Server;
    const announceOther = async (url: string) => first.outside.fleet.announce({ workerId: 'third:1', slots: 9, peer: { url, room: 9 } });
    afterEach(() => hanging?.closeAllConnections());

    it('is not there', async () => {
      await announceOther('http://127.0.0.1:1');
      await openSocket(await first.mediaUrl('c1'));
      const phone = new TestPhone(await openSocket(await first.mediaUrl('c2')));
      await eventually(() => phone.framesHeard > 0, 'the second worker holds the call');
      expect(await passedOn('failed')).toBe(1);
    });

    it('does not answer', async () => {
      hanging = createServer().on('upgrade', () => undefined);
      await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
      await announceOther(`http://127.0.0.1:${(hanging.address() as AddressInfo).port}`);
      await openSocket(await first.mediaUrl('c1'));
      const phone = new TestPhone(await openSocket(await first.mediaUrl('c2')));
      await eventually(() => phone.framesHeard > 0, 'the second worker holds the call');
      expect(await passedOn('failed')).toBe(1);
      hanging.close();
    });
  });
});

it('a worker whose event loop is late refuses early, says so, and passes the call on', async () => {
  let delayMs = 500;
  const loopDelay = { readP99Ms: () => delayMs, stop: () => undefined };
  const slow = await stageWorker({ hostName: 'slow', loopDelayMaxMs: 200, loopDelay, contexts: [callContext('c1'), callContext('c2')] });
  expect(slow.announced).toEqual([{ workerId: expect.stringContaining('slow:'), slots: 0 }]);
  expect(await handshake(await slow.mediaUrl('c1'), SIGNED)).toEqual({ status: 503, text: 'this worker is too slow for another call\n' });
  expect(await slow.metricsText()).toMatch(/carillon_media_capacity\{state="overloaded",[^}]*\} 1/);
  expect((await slow.health.readiness()).notes).toEqual({ capacity: 'overloaded' });
  expect(slow.logLines.some((line) => line.includes('this worker takes no more calls') && line.includes('"overloaded"'))).toBe(true);

  const { carrier: _own, ...shared } = slow.outside;
  const quick = await stageWorker({ hostName: 'quick', outside: shared });
  const phone = new TestPhone(await openSocket(await slow.mediaUrl('c1')));
  await eventually(() => phone.framesHeard > 0, 'the quick worker holds the call');
  expect([slow.worker.openCalls, quick.worker.openCalls]).toEqual([0, 1]);
  delayMs = 0;
  phone.socket.close();
  await Promise.all([slow.worker.close(), quick.worker.close()]);
});
