import type { IncomingMessage } from 'node:http';
import type { Clock, Ms, TimerHandle } from '@carillon/pipeline';
import { WebSocket } from 'ws';
import { complaintIn, withoutKeys } from '../azure-endpoint.js';
import { ProviderError, type ProviderErrorCode } from '../provider-error.js';
import { retryAfterMs } from '../retry-after.js';
import { SPEECH_CONFIG } from './recognition-request.js';
import { newRequestId, readSpeechMessage, textMessage, type SpeechMessage } from './speech-framing.js';

export interface ConnectionLoss {
  error: ProviderError;
  /** False where the service does not want us: another connection would fare no better. */
  mayReopen: boolean;
}

export interface ConnectionEars {
  /** The handshake is done and the connection is configured. */
  opened(): void;
  /** Undefined: something that cannot be read. */
  heard(message: SpeechMessage | undefined): void;
  /** Said once, and last. */
  lost(loss: ConnectionLoss): void;
}

export interface SpeechConnectionOptions {
  url: URL;
  /** Sent in a header, so that it stands in no URL that somebody logs. */
  key: string;
  clock: Clock;
  handshakeTimeoutMs: Ms;
}

/** The service's messages are a few kB; a phrase with five readings and their words is the largest. */
const MAX_MESSAGE_BYTES = 1_048_576;
/** A far end that does not answer our goodbye is dropped. */
const CLOSE_TIMEOUT_MS: Ms = 1_000;
/** With this code the service says that what is asked for is wrong in itself, as an unknown language, or that a quota is used up; */
const BAD_REQUEST = 1007;
/** with all of these that another connection would fare no better. */
const OUR_FAULT: ReadonlySet<number> = new Set([1002, 1003, BAD_REQUEST, 4000]);
/** Of a handshake that is refused. */
const CODE_OF_STATUS: ReadonlyMap<number, ProviderErrorCode> = new Map([
  [400, 'stt_rejected'],
  [429, 'stt_throttled'],
]);

/** One WebSocket to the speech service, from the handshake to its end. Whoever has it may hand it on while nothing but its configuration was sent. */
export class SpeechConnection {
  /** The configuration was sent under this id; the first turn goes on with it. */
  readonly firstRequestId = newRequestId();
  readonly #socket: WebSocket;
  readonly #deadline: TimerHandle;
  #state: 'opening' | 'open' | 'gone' = 'opening';
  #ears: ConnectionEars | undefined;
  #trouble = '';

  constructor({ url, key, clock, handshakeTimeoutMs }: SpeechConnectionOptions) {
    const headers = { 'Ocp-Apim-Subscription-Key': key, 'X-ConnectionId': newRequestId() };
    const options = { headers, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES, closeTimeout: CLOSE_TIMEOUT_MS };
    this.#socket = new WebSocket(url, options);
    this.#deadline = clock.setTimer(clock.now() + handshakeTimeoutMs, () => this.#refused(`no handshake within ${handshakeTimeoutMs} ms`));
    this.#socket.once('open', () => this.#opened());
    this.#socket.once('unexpected-response', (_request, response) => this.#answered(response));
    this.#socket.on('message', (data: Buffer, isBinary) => {
      if (this.#state === 'open') this.#ears?.heard(readSpeechMessage(data, isBinary));
    });
    this.#socket.on('error', (error) => {
      if (this.#state === 'opening') this.#refused(error.message);
      else this.#trouble = error.message; // a close follows
    });
    this.#socket.once('close', (code, reason) => this.#closed(code, reason.toString()));
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Handed to the socket and not yet taken by the network. */
  get unsentBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** The one who hears from now on. */
  listen(ears: ConnectionEars): void {
    this.#ears = ears;
  }

  send(message: string | Buffer): void {
    if (this.#state === 'open') this.#socket.send(message);
  }

  /** Nothing more is heard of it. */
  close(): void {
    const wasOpen = this.#state === 'open';
    this.#end();
    if (wasOpen) this.#socket.close(1000);
    else this.#socket.terminate();
  }

  #opened(): void {
    if (this.#state !== 'opening') return;
    this.#deadline.cancel();
    this.#state = 'open';
    this.send(textMessage('speech.config', this.firstRequestId, SPEECH_CONFIG));
    this.#ears?.opened();
  }

  /** With a status instead of a handshake. */
  #answered({ statusCode = 0, headers }: IncomingMessage): void {
    const told = new Headers();
    for (const name of ['retry-after', 'retry-after-ms', 'date']) {
      const value = headers[name];
      if (typeof value === 'string') told.set(name, value);
    }
    const code = CODE_OF_STATUS.get(statusCode) ?? 'stt_refused';
    this.#lose({ error: new ProviderError(code, `HTTP ${statusCode}`, { retryAfterMs: retryAfterMs(told) }), mayReopen: false });
  }

  #refused(said: string): void {
    this.#lose({ error: new ProviderError('stt_refused', withoutKeys(said)), mayReopen: false });
  }

  #closed(code: number, reason: string): void {
    const details = withoutKeys(`closed with ${code} ${reason} ${this.#trouble}`.trim());
    const error = new ProviderError(`stt_${complaintIn(`${code} ${reason}`, code === BAD_REQUEST)}`, details);
    this.#lose({ error, mayReopen: !error.throttled && !OUR_FAULT.has(code) });
  }

  #lose(loss: ConnectionLoss): void {
    if (this.#state === 'gone') return;
    const ears = this.#ears;
    this.#end();
    this.#socket.terminate();
    ears?.lost(loss);
  }

  #end(): void {
    this.#state = 'gone';
    this.#deadline.cancel();
    this.#ears = undefined;
  }
}
