import { connect, createServer, type Server, type Socket } from 'node:net';

/** What an ingress does in a cluster: passes each media socket to the media worker that holds the fewest. */
export async function openFrontDoor(port: number, backendPorts: readonly number[]): Promise<{ close(): Promise<void> }> {
  const open = new Map(backendPorts.map((backend) => [backend, 0]));
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const backendPort = fewest(open);
    open.set(backendPort, (open.get(backendPort) ?? 0) + 1);
    const backend = connect(backendPort, '127.0.0.1');
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket));
    }
    client.pipe(backend).pipe(client);
    client.on('error', () => backend.destroy());
    backend.on('error', () => client.destroy());
    client.once('close', () => open.set(backendPort, (open.get(backendPort) ?? 1) - 1));
  });
  await listen(server, port);
  return {
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}

function fewest(open: ReadonlyMap<number, number>): number {
  return [...open].reduce((best, entry) => (entry[1] < best[1] ? entry : best))[0];
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done());
  });
}
