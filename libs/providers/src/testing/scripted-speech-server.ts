import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

export const KEY = 'a-very-secret-key';

export interface ReceivedFrame {
  path: string;
  requestId: string;
  body: Buffer;
  client: ScriptedClient;
}

type Script = (frame: ReceivedFrame) => void;

/** One connection, as the test plays the service on it. */
export class ScriptedClient {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  readonly closed: Promise<unknown>;

  constructor(request: IncomingMessage, socket: WebSocket) {
    this.request = request;
    this.socket = socket;
    this.closed = once(socket, 'close');
  }

  send(path: string, requestId: string, body: object): void {
    this.socket.send(`Path:${path}\r\nX-RequestId:${requestId}\r\nContent-Type:application/json\r\n\r\n${JSON.stringify(body)}`);
  }

  sendAudio(requestId: string, streamId: string, audio: Uint8Array): void {
    const header = Buffer.from(`Path:audio\r\nX-RequestId:${requestId}\r\nX-StreamId:${streamId}\r\n`);
    this.socket.send(Buffer.concat([Buffer.from([header.length >> 8, header.length & 255]), header, audio]));
  }
}

/** Speaks the framing of the Azure Speech protocol and leaves the rest to the test's script. */
export class ScriptedSpeechServer {
  script: Script = () => undefined;
  /** Answers handshakes with this instead: an HTTP status line and headers. */
  refuseWith: string | undefined;
  /** Leaves handshakes without an answer. */
  silent = false;
  handshakes = 0;
  readonly frames: ReceivedFrame[] = [];
  readonly clients: ScriptedClient[] = [];
  readonly #http = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #waiting = new Set<() => void>();
  readonly #unanswered = new Set<Duplex>();

  constructor() {
    this.#http.on('upgrade', (request, socket, head) => {
      this.handshakes++;
      socket.on('error', () => undefined); // a client that goes without a word
      this.#wake();
      const refusal = request.headers['ocp-apim-subscription-key'] === KEY ? this.refuseWith : '401 Unauthorized';
      if (this.silent) return void this.#unanswered.add(socket);
      if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\nContent-Length: 0\r\n\r\n`);
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(new ScriptedClient(request, webSocket)));
    });
  }

  async listen(): Promise<void> {
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
  }

  url(path: string): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}${path}`;
  }

  /** Settles when the condition holds; it is looked at after each message and each connection's end. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async untilFrame(path: string, count = 1): Promise<ReceivedFrame> {
    await this.until(() => this.of(path).length >= count);
    const frame = this.of(path)[count - 1];
    if (!frame) throw new Error(`no ${path}`);
    return frame;
  }

  of(path: string): ReceivedFrame[] {
    return this.frames.filter((frame) => frame.path === path);
  }

  async close(): Promise<void> {
    for (const { socket } of this.clients) socket.terminate();
    for (const socket of this.#unanswered) socket.destroy();
    this.#sockets.close();
    this.#http.close();
    await once(this.#http, 'close');
  }

  #accept(client: ScriptedClient): void {
    this.clients.push(client);
    client.socket.on('message', (data: Buffer, isBinary) => {
      const bytes = Buffer.from(data);
      const headerEnd = isBinary ? 2 + bytes.readUInt16BE(0) : bytes.indexOf('\r\n\r\n');
      const header = bytes.toString('latin1', isBinary ? 2 : 0, headerEnd);
      const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(header)?.[1]?.trim() ?? '';
      const frame = {
        path: field('Path'),
        requestId: field('X-RequestId'),
        body: bytes.subarray(isBinary ? headerEnd : headerEnd + 4),
        client,
      };
      this.frames.push(frame);
      this.script(frame);
      this.#wake();
    });
    client.socket.on('error', () => undefined); // a close follows
    client.socket.on('close', () => this.#wake());
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
