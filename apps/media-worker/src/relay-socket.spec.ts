import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createRealClock } from '@carillon/testing';
import { eventually } from './media-worker.spec-support.js';
import { joinSockets } from './relay-socket.js';

/** A line of real sockets: carrier — (near, far) — worker, with the two in the middle tied together. */
async function openLine(idleTimeoutMs?: number) {
  const servers: Server[] = [];
  const pair = async (): Promise<[Socket, Socket]> => {
    const server = createServer({ allowHalfOpen: true });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    return [client, await accepted];
  };
  const [carrier, near] = await pair();
  const [far, worker] = await pair();
  let over = false;
  const joined = joinSockets(near, far, createRealClock(), idleTimeoutMs).then(() => (over = true));
  const close = () => {
    for (const socket of [carrier, near, far, worker]) socket.destroy();
    for (const server of servers) server.close();
  };
  return { carrier, near, far, worker, joined, isOver: () => over, close };
}

const MEGABYTES = 64;

describe('two sockets that are tied together', () => {
  it('read only as fast as the other side takes', async () => {
    const { carrier, near, far, worker, close } = await openLine();
    const megabyte = Buffer.alloc(1_048_576, 'x');
    for (let sent = 0; sent < MEGABYTES; sent += 1) worker.write(megabyte); // and the carrier does not read
    await eventually(() => near.writableNeedDrain && far.isPaused(), 'the relay waits for the carrier');
    expect(near.writableLength).toBeLessThan(megabyte.length);
    let received = 0;
    carrier.on('data', (data: Buffer) => (received += data.length));
    await eventually(() => received === MEGABYTES * megabyte.length, 'all of it has come', 20_000);
    close();
  });

  it('end together: what is on its way still goes out', async () => {
    const { carrier, worker, joined, close } = await openLine();
    let heard = '';
    carrier.on('data', (data: Buffer) => (heard += data.toString()));
    const ended = new Promise((resolve) => carrier.once('end', resolve));
    worker.end('goodbye');
    await ended;
    carrier.end();
    await joined;
    expect(heard).toBe('goodbye');
    close();
  });

  it('are cut when one breaks off, and when nothing goes over them any more', async () => {
    const broken = await openLine();
    broken.carrier.resetAndDestroy();
    await broken.joined;
    broken.close();
    const idle = await openLine(50);
    await idle.joined;
    idle.close();
  });
});
