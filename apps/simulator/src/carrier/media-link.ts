import type { ResamplerEngine } from '@carillon/providers/resampling';
import type { Logger } from 'pino';
import WebSocket from 'ws';
import type { CarrierIssuer } from './carrier-issuer.js';
import type { MediaStatistics } from './carrier-ledger.js';
import { audioData, audioMetadata, dtmfData, readServerMessage } from './media-messages.js';
import type { MediaStreamingOptions } from './media-streaming-options.js';
import { LineRate } from './line-rate.js';
import { Playout } from './playout.js';

/** Delays before the three further tries to reach a server that is gone; all of them lie within {@link GIVE_UP_MS}. */
const RETRY_DELAYS_MS = [200, 800, 2_000];
const GIVE_UP_MS = 5_000;
/** Our own bound, since the service publishes none: a second of audio is 43 kB of JSON. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
/** A server that does not read for about five seconds loses frames. */
const MAX_BUFFERED_BYTES = 256 * 1024;

export type MediaState =
  | { kind: 'started'; again: boolean }
  /** `detail` in the service's words; the call stays up. */
  | { kind: 'failed'; detail: 'initialWebSocketConnectionFailed' | 'authenticationFailure' | 'forbidden' | 'streamConnectionInterrupted' };

export interface MediaLinkOptions {
  streaming: MediaStreamingOptions;
  connectionId: string;
  correlationId: string;
  /** Raw id of the callee, whose audio this is. */
  participant: string;
  playoutMs: number;
  resamplers: ResamplerEngine;
  issuer: CarrierIssuer;
  log: Logger;
  onState(state: MediaState): void;
}

/** The carrier's side of one call's media socket: it is the client, opens it, and opens it again when it drops. */
export class MediaLink {
  readonly #own = { sockets: 0, framesSent: 0, framesLost: 0, framesReceived: 0, framesIgnored: 0, malformed: 0 };
  readonly #playout: Playout;
  readonly #rate: LineRate;
  #socket: WebSocket | null = null;
  #retry: NodeJS.Timeout | null = null;
  #closed = true;
  /** A socket of this streaming has been open. */
  #started = false;
  #tries = 0;
  #troubleSince: number | null = null;

  constructor(private readonly options: MediaLinkOptions) {
    this.#playout = new Playout(options.playoutMs);
    this.#rate = new LineRate(options.streaming.sampleRate, options.resamplers);
  }

  get statistics(): MediaStatistics {
    return { sampleRate: this.options.streaming.sampleRate, ...this.#own, ...this.#playout.statistics };
  }

  get active(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open(): void {
    if (!this.#closed) return;
    this.#closed = false;
    this.#started = false;
    this.#tries = 0;
    this.#troubleSince = null;
    this.#rate.open();
    void this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#rate.close();
    if (this.#retry) clearTimeout(this.#retry);
    this.#socket?.close(1000);
    this.#socket = null;
    this.#playout.clear();
  }

  /** Ends at once, without a parting word: the process is going down. */
  terminate(): void {
    const socket = this.#socket;
    this.close();
    socket?.terminate();
  }

  /** One frame of the callee; null is silence. */
  sendFrame(pcm: Int16Array | null): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.#own.framesLost++;
      return;
    }
    const { mixed, sampleRate } = this.options.streaming;
    socket.send(audioData(this.#rate.toServer(pcm), { participant: mixed ? null : this.options.participant, sampleRate, at: new Date() }));
    this.#own.framesSent++;
  }

  sendTone(tone: string): void {
    if (this.options.streaming.dtmfTones && this.active) this.#socket?.send(dtmfData(tone));
  }

  /** What the callee hears in this frame. */
  nextFrame(): Int16Array {
    return this.#playout.nextFrame();
  }

  async #connect(): Promise<void> {
    const { streaming, connectionId, correlationId, issuer } = this.options;
    const authorization = await issuer.authorization('media');
    if (this.#closed) return;
    const socket = new WebSocket(streaming.transportUrl, {
      headers: { authorization, 'x-ms-call-connection-id': connectionId, 'x-ms-call-correlation-id': correlationId },
      perMessageDeflate: false,
      handshakeTimeout: GIVE_UP_MS,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    this.#socket = socket;
    let openedAt: number | null = null;
    let refusal: number | undefined;
    socket.on('open', () => {
      openedAt = performance.now();
      this.#opened(socket);
    });
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('unexpected-response', (_request, response) => {
      refusal = response.statusCode;
      socket.terminate();
    });
    socket.on('error', (error) => this.options.log.debug({ err: error, connectionId }, 'a media socket failed'));
    socket.on('close', () => this.#gone(socket, openedAt, refusal));
  }

  #opened(socket: WebSocket): void {
    this.#own.sockets++;
    socket.send(audioMetadata(this.options.connectionId, this.options.streaming.sampleRate));
    const again = this.#started;
    this.#started = true;
    this.options.onState({ kind: 'started', again });
  }

  #gone(socket: WebSocket, openedAt: number | null, refusal: number | undefined): void {
    if (this.#closed || this.#socket !== socket) return;
    this.#socket = null;
    const now = performance.now();
    // a socket that held for a while ends earlier trouble; one that is closed at once is part of it
    if (openedAt !== null && now - openedAt > GIVE_UP_MS) this.#troubleSince = null;
    if (this.#troubleSince === null) this.#tries = 0;
    this.#troubleSince ??= now;
    const waitMs = RETRY_DELAYS_MS[this.#tries++];
    const denied = refusal === 401 || refusal === 403;
    if (denied || waitMs === undefined || now + waitMs > this.#troubleSince + GIVE_UP_MS) return this.#fail(refusal);
    this.#retry = setTimeout(() => void this.#connect(), waitMs);
  }

  #fail(refusal: number | undefined): void {
    this.#closed = true;
    const initial = this.#started ? 'streamConnectionInterrupted' : 'initialWebSocketConnectionFailed';
    const detail = refusal === 401 ? 'authenticationFailure' : refusal === 403 ? 'forbidden' : initial;
    this.options.onState({ kind: 'failed', detail });
  }

  #receive(data: WebSocket.RawData, isBinary: boolean): void {
    // messages of the service are text; whoever sends them as binary frames must not get used to being heard
    const message = isBinary ? null : readServerMessage(Buffer.isBuffer(data) ? data.toString('utf8') : '');
    if (message === null) this.#own.malformed++;
    if (message?.kind === 'stop') this.#playout.stop();
    if (message?.kind !== 'audio') return;
    this.#own.framesReceived++;
    if (this.options.streaming.bidirectional) this.#playout.receive(this.#rate.toPhone(message.pcm));
    else this.#own.framesIgnored++;
  }
}
