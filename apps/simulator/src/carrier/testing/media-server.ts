import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface MediaServer {
  url: string;
  /** The next socket that the carrier opens, with the request that opened it. */
  nextSocket(): Promise<MediaSocket>;
  /** Sockets are answered so from now on; null accepts them. */
  refuseWith(status: number | null): void;
  readonly refused: number;
  close(): Promise<void>;
}

export interface MediaSocket {
  socket: WebSocket;
  request: IncomingMessage;
  messages: Record<string, unknown>[];
  /** The first message for which `wanted` holds, now or when it comes. */
  next(wanted: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

/** Stands where a media worker stands. */
export async function openMediaServer(): Promise<MediaServer> {
  const opened: MediaSocket[] = [];
  const waiting: ((socket: MediaSocket) => void)[] = [];
  let refusal: number | null = null;
  let refused = 0;
  const verifyClient = (_info: unknown, answer: (taken: boolean, status?: number) => void) => {
    if (refusal !== null) refused++;
    answer(refusal === null, refusal ?? undefined);
  };
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, verifyClient });
  await new Promise((listening) => server.once('listening', listening));
  server.on('connection', (socket, request) => {
    const media = collect(socket, request);
    const receive = waiting.shift();
    if (receive) receive(media);
    else opened.push(media);
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/m/call`,
    nextSocket: () => {
      const media = opened.shift();
      return media ? Promise.resolve(media) : new Promise((resolve) => waiting.push(resolve));
    },
    refuseWith: (status) => void (refusal = status),
    get refused() {
      return refused;
    },
    close: () => {
      for (const socket of server.clients) socket.terminate();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

function collect(socket: WebSocket, request: IncomingMessage): MediaSocket {
  const messages: Record<string, unknown>[] = [];
  const checks = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString('utf8')) as Record<string, unknown>);
    checks.forEach((check) => check());
  });
  const next: MediaSocket['next'] = (wanted) =>
    new Promise((resolve) => {
      const check = () => {
        const found = messages.find(wanted);
        if (!found) return;
        checks.delete(check);
        resolve(found);
      };
      checks.add(check);
      check();
    });
  return { socket, request, messages, next };
}
