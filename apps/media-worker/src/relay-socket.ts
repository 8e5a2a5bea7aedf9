import { request as openRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { Clock, Ms } from '@carillon/pipeline';

/** Both ends ping each other each 30 s: a line on which nothing goes for longer is dead. */
const IDLE_TIMEOUT_MS: Ms = 65_000;
/** An end that does not take what is left of the other is cut off. */
const CLOSE_TIMEOUT_MS: Ms = 2_000;

/** What a peer answered to a handshake: its socket, or the status with which it refused. */
export type PeerAnswer = { response: IncomingMessage; socket: Socket; head: Buffer } | { status: number };

export interface PeerQuestion {
  /** Base URL of the peer. */
  url: string;
  /** What is sent on, as it came, with these headers besides. */
  handshake: IncomingMessage;
  headers: Record<string, string>;
  clock: Clock;
  timeoutMs: Ms;
}

/** Repeats a handshake at another server. Rejects when the server is not there or does not answer in time. */
export function askPeer({ url, handshake, headers, clock, timeoutMs }: PeerQuestion): Promise<PeerAnswer> {
  const { hostname, port } = new URL(url);
  const { host: _ours, ...given } = handshake.headers;
  return new Promise((resolve, reject) => {
    const request = openRequest({
      ...{ hostname: hostname.replace(/^\[|\]$/g, ''), port, path: handshake.url ?? '/', agent: false as const },
      headers: { ...given, ...headers },
    });
    const timeout = clock.setTimer(clock.now() + timeoutMs, () => request.destroy(new Error('the worker did not answer in time')));
    request.once('upgrade', (response, socket: Socket, head) => resolve({ response, socket, head }));
    request.once('response', (response) => {
      resolve({ status: response.statusCode ?? 0 });
      request.destroy();
    });
    request.once('error', reject);
    for (const event of ['upgrade', 'response', 'error']) request.once(event, () => timeout.cancel());
    request.end();
  });
}

/**
 * Ties two sockets together, byte for byte: masks, pings, close codes and all pass through, and each side reads only as fast as the other takes.
 * Resolves when both are gone.
 */
export async function joinSockets(near: Duplex, far: Socket, clock: Clock, idleTimeoutMs = IDLE_TIMEOUT_MS): Promise<void> {
  const gone = [near, far].map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
  for (const [socket, other] of [
    [near as Socket, far],
    [far, near as Socket],
  ] as const) {
    socket.setNoDelay(true);
    socket.setTimeout(idleTimeoutMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.once('close', () => endSocket(other, clock));
    socket.pipe(other);
  }
  await Promise.all(gone);
}

/** Lets what is on its way go out. */
function endSocket(socket: Socket, clock: Clock): void {
  if (socket.destroyed) return;
  socket.end();
  const timeout = clock.setTimer(clock.now() + CLOSE_TIMEOUT_MS, () => socket.destroy());
  socket.once('close', () => timeout.cancel());
}
