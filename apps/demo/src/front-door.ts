import { connect, createServer, type Server, type Socket } from 'node:net';

/** What an ingress does in a cluster: passes each media socket to the media worker that holds the fewest, and to the next where nobody listens. */
export async function openFrontDoor(port: number, backendPorts: readonly number[]): Promise<{ close(): Promise<void> }> {
  const open = new Map(backendPorts.map((backend) => [backend, 0]));
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    track(client);
    client.on('error', () => client.destroy());
    void reach(fewestFirst(open)).then((reached) => {
      if (reached === null || client.destroyed) {
        reached?.backend.destroy();
        return void client.destroy();
      }
      const { backend, port: backendPort } = reached;
      track(backend);
      open.set(backendPort, (open.get(backendPort) ?? 0) + 1);
      client.pipe(backend).pipe(client);
      client.on('error', () => backend.destroy());
      backend.on('error', () => client.destroy());
      client.once('close', () => open.set(backendPort, (open.get(backendPort) ?? 1) - 1));
    });
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

function fewestFirst(open: ReadonlyMap<number, number>): number[] {
  return [...open].sort((one, other) => one[1] - other[1]).map(([port]) => port);
}

/** A worker that was killed refuses, until it is started again. */
async function reach(ports: readonly number[]): Promise<{ backend: Socket; port: number } | null> {
  for (const port of ports) {
    const backend = connect(port, '127.0.0.1');
    const connected = await new Promise<boolean>((resolve) => {
      backend.once('connect', () => resolve(true));
      backend.once('error', () => resolve(false));
    });
    if (connected) return { backend, port };
  }
  return null;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done());
  });
}
