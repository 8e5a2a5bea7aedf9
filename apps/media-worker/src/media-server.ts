import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { createOpsServer, type Logger, type ServiceContext } from '@carillon/platform';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Acceptance, Refusal, RefusalReason } from './accept-call.js';
import { isGone, type Handshake } from './call-relays.js';

/** A media message is about 1 kB; a socket that sends more than this is closed with 1009. */
const MAX_MESSAGE_BYTES = 64 * 1024;

export interface MediaServerOptions {
  context: Pick<ServiceContext, 'health' | 'metrics' | 'log'>;
  accept(request: IncomingMessage): Promise<Acceptance | Refusal>;
  hold(socket: WebSocket, acceptance: Acceptance): void;
  /** A handshake was accepted and the far end was gone by then. */
  abandoned(acceptance: Acceptance): void;
  /** For a call that this worker has no room for. True: another one has taken it, and the handshake was answered. */
  passOn(callId: string, handshake: Handshake): Promise<boolean>;
  refused(reason: RefusalReason): void;
}

/** Health, metrics, and the upgrade of media sockets, on one port. */
export function createMediaServer(options: MediaServerOptions): Server {
  const server = createOpsServer(options.context);
  // Text is not checked for UTF-8: the codec reads bytes and refuses what it does not know. Compression would cost more than it saves.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until ws takes over, nobody else hears of a connection that breaks.
    const ignore = () => socket.destroy();
    socket.once('error', ignore);
    upgrade(options, { request, socket, head }, (acceptance) => {
      socket.off('error', ignore);
      let isHeld = false;
      sockets.handleUpgrade(request, socket, head, (opened) => {
        isHeld = true;
        options.hold(opened, acceptance);
      });
      if (!isHeld) options.abandoned(acceptance); // ws has answered: a key that is none
    }).catch((error: unknown) => {
      options.context.log.error({ err: error }, 'a media handshake failed');
      socket.destroy();
    });
  });
  return server;
}

async function upgrade(
  { context, accept, abandoned, passOn, refused }: MediaServerOptions,
  handshake: Handshake,
  take: (acceptance: Acceptance) => void,
): Promise<void> {
  const answer = await accept(handshake.request);
  if ('status' in answer) {
    if (answer.passOn !== undefined && (await passOn(answer.passOn, handshake))) return;
    refused(answer.reason);
    logRefusal(context.log, answer);
    endWith(handshake.socket, answer);
  } else if (isGone(handshake)) {
    handshake.socket.destroy();
    abandoned(answer);
  } else {
    take(answer);
  }
}

function logRefusal(log: Logger, { status, reason, message }: Refusal): void {
  log.warn({ status, reason, detail: message }, 'a media socket was refused');
}

function endWith(socket: Duplex, { status, message }: Refusal): void {
  const body = `${message}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(status === 503 ? ['retry-after: 1'] : []),
  ];
  // An upgraded socket has no time-out: a peer that never closes its half would keep it for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
