import { connect, createServer, type Socket } from 'node:net';

/** What an ingress does in a cluster: passes each connection to the backend that holds the fewest, and to the next when nobody listens there. */
export async function openFrontDoor(port: number, backendPorts: readonly number[]): Promise<{ close(): Promise<void> }> {
  const open = new Map(backendPorts.map((backend) => [backend, 0]));
  const sockets = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true }, (client) => {
    keep(sockets, client);
    const byLoad = [...open].sort((a, b) => a[1] - b[1]).map(([backend]) => backend);
    join(client, byLoad, { sockets, open });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done());
  });
  return {
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}

interface Hall {
  sockets: Set<Socket>;
  /** Connections by backend. */
  open: Map<number, number>;
}

function join(client: Socket, [backendPort, ...others]: readonly number[], hall: Hall): void {
  if (backendPort === undefined || client.destroyed) return void client.destroy();
  const backend = connect(backendPort, '127.0.0.1');
  keep(hall.sockets, backend);
  const refused = () => join(client, others, hall);
  const count = (by: 1 | -1) => hall.open.set(backendPort, (hall.open.get(backendPort) ?? 0) + by);
  backend.once('error', refused);
  backend.once('connect', () => {
    backend.off('error', refused);
    count(1);
    backend.once('close', () => count(-1));
    client.pipe(backend).pipe(client);
    // a socket that breaks takes its other half along, as does one that is closed by force
    client.once('close', () => backend.destroy());
    backend.once('close', () => client.destroy());
    client.resume();
  });
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => sockets.delete(socket));
}
