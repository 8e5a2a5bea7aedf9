import { createServer, IncomingMessage, request as openRequest, type ClientRequest } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { createLogger } from '@carillon/platform';
import { VirtualClock } from '@carillon/testing';
import { acceptCall } from './accept-call.js';
import {
  CARRIER_TOKEN,
  TestPhone,
  callContext,
  eventually,
  handshake,
  openSocket,
  stageWorker,
  type StagedWorker,
} from './media-worker.spec-support.js';

const SIGNED = { headers: { authorization: CARRIER_TOKEN } };

/** Whoever comes waits here until it opens. */
function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  let waiting = 0;
  return { open: () => open(), pass: () => ((waiting += 1), passed), waiting: () => waiting };
}

/** A handshake of which nothing but the line is looked after. */
function dial(mediaUrl: string): ClientRequest {
  const asked = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
  };
  const request = openRequest(mediaUrl.replace('ws', 'http'), { headers: { ...SIGNED.headers, ...asked }, agent: false });
  request.on('error', () => undefined).end();
  return request;
}

const GIVEN_UP: [string, (request: ClientRequest) => void][] = [
  ['is gone', (request) => void request.destroy()],
  ['has closed its side', (request) => void request.socket?.end()],
];

describe('a handshake that nobody waits for any more', () => {
  let other: StagedWorker;
  let frozen: StagedWorker | undefined;

  beforeEach(async () => {
    other = await stageWorker({ hostName: 'other', contexts: [callContext('c1'), callContext('c2')] });
  });
  afterEach(() => Promise.all([frozen?.worker.close(), other.worker.close()]));

  it.each(GIVEN_UP)('takes no call from the worker that holds it by then: its far end %s', async (_how, giveUp) => {
    const { carrier: _own, ...shared } = other.outside;
    const { admit } = shared.directory;
    const ledger = gate();
    const directory = { ...shared.directory, admit: (...asked: Parameters<typeof admit>) => ledger.pass().then(() => admit(...asked)) };
    frozen = await stageWorker({ hostName: 'frozen', slots: 1, outside: { ...shared, directory } });
    const late = dial(await frozen.mediaUrl('c1'));
    await eventually(() => ledger.waiting() === 1, 'it is on its way');
    giveUp(late);
    const phone = new TestPhone(await openSocket(await other.mediaUrl('c1')));
    await eventually(() => phone.framesHeard > 0, 'the call goes on elsewhere');
    ledger.open();
    const { logLines } = frozen;
    await eventually(() => logLines.some((line) => line.includes('a media socket was refused')), 'it comes to nothing');
    expect(other.calls.get('c1')?.epoch).toBe(1);
    expect(phone.socket.readyState).toBe(phone.socket.OPEN);
    await openSocket(await frozen.mediaUrl('c2')); // the only place of this worker is free again
  });

  it.each(GIVEN_UP)('is passed on to nobody: its far end %s', async (_how, giveUp) => {
    const { carrier: _own, ...shared } = other.outside;
    const fleet = gate();
    const peers = () => fleet.pass().then(() => shared.fleet.peers());
    frozen = await stageWorker({ hostName: 'frozen', slots: 1, outside: { ...shared, fleet: { ...shared.fleet, peers } } });
    await frozen.worker.stopTaking();
    const late = dial(await frozen.mediaUrl('c1'));
    await eventually(() => fleet.waiting() === 1, 'it is on its way');
    giveUp(late);
    await openSocket(await other.mediaUrl('c2')); // by now it is known that nobody is there
    fleet.open();
    const { logLines } = frozen;
    await eventually(() => logLines.some((line) => line.includes('a media socket was refused')), 'it comes to nothing');
    expect([other.calls.get('c1')?.epoch, other.worker.openCalls]).toEqual([0, 1]);
  });

  it('takes nothing once its deadline has passed, though its line still stands', async () => {
    const clock = new VirtualClock();
    const request = new IncomingMessage(new Socket());
    request.url = '/m/c1';
    const wanted: (boolean | undefined)[] = [];
    const door = {
      tokens: { checkMediaToken: async () => ({ tenantId: 'default', callId: 'c1' }) },
      carrier: { verify: async () => undefined, connectionIdHeader: 'x-connection-id' },
      directory: {
        admit: async (_call: unknown, isWanted?: () => boolean) => {
          wanted.push(isWanted?.());
          await clock.advance(5_000);
          wanted.push(isWanted?.());
          return 'unwanted' as const;
        },
      },
      room: { take: () => 'taken' as const, giveBack: () => undefined },
      clock,
      log: createLogger('test', { level: 'silent', pii: false }),
    };
    expect(await acceptCall(door, request)).toMatchObject({ status: 503, reason: 'abandoned' });
    expect(wanted).toEqual([true, false]);
  });

  it('leaves its place free where it is no websocket at all', async () => {
    frozen = await stageWorker({ slots: 1, contexts: [callContext('c1')] });
    const headers = { ...SIGNED.headers, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const request = openRequest((await frozen.mediaUrl('c1')).replace('ws', 'http'), { headers, agent: false });
    const status = new Promise((resolve) => request.once('response', ({ statusCode }) => resolve(statusCode)));
    request.end();
    expect(await status).toBe(400);
    await openSocket(await frozen.mediaUrl('c1'));
  });
});

it('a worker that closes ties no call to the peer that it had asked before, and waits for none', async () => {
  const asked = gate();
  let left = false;
  const slow = createServer().on('upgrade', (_request, socket) => {
    socket
      .on('error', () => undefined)
      .on('end', () => {
        left = true;
        socket.end();
      });
    socket.resume();
    void asked.pass().then(() => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n'));
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const worker = await stageWorker({ slots: 1, contexts: [callContext('c1')] });
  await worker.worker.stopTaking();
  const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
  await worker.outside.fleet.announce({ workerId: 'slow:1', slots: 1, peer: { url, room: 1 } });
  const answer = handshake(await worker.mediaUrl('c1'), SIGNED).catch(() => 'broken off');
  await eventually(() => asked.waiting() === 1, 'the peer is asked');
  let isClosed = false;
  const closing = worker.worker.close().then(() => (isClosed = true));
  asked.open();
  expect(await answer).toMatchObject({ status: 503 });
  await eventually(() => isClosed && left, 'the worker is closed, and the peer let go');
  await closing;
  slow.close();
});
