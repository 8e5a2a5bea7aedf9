import type { Clock, MediaTransport, Ms, TimerHandle } from '@carillon/pipeline';
import { MediaProtocolError, type MediaCodec } from '@carillon/telephony';
import type { RawData, WebSocket } from 'ws';

/** The carrier says at once what audio it sends. */
const FORMAT_TIMEOUT_MS: Ms = 5_000;
const PING_EVERY_MS: Ms = 30_000;
const PONG_TIMEOUT_MS: Ms = 5_000;
/** A far end that does not answer our close is cut off. */
const CLOSE_TIMEOUT_MS: Ms = 2_000;
/** Some ten seconds of audio that the socket did not take: it hangs, and more would only be late. */
const MAX_BACKLOG_BYTES = 512 * 1024;

const NORMAL = 1000;
const UNSUPPORTED_DATA = 1003;
const POLICY_VIOLATION = 1008;

/** Why a media socket is gone: closed by the far end, or by us for what it sent or left out. */
export type SocketEnd = 'remote' | 'ours' | 'garbage' | 'too_large' | 'no_format' | 'dead';

export interface MediaSocketListener {
  /** Once, before any audio. */
  opened(transport: MediaTransport): void;
  /** `sentAt`: by the carrier's clock, null where it does not tell. */
  audio(pcm: Int16Array, sentAt: number | null): void;
  tone(tone: string): void;
  /** Once, and nothing after it. */
  closed(end: SocketEnd): void;
  dropped(): void;
}

export interface MediaSocketOptions {
  socket: WebSocket;
  codec: MediaCodec;
  clock: Clock;
  listener: MediaSocketListener;
}

/** One call's media socket: the carrier's messages in order, deadlines, heartbeats, and a clear end. */
export class MediaSocket {
  private sampleRate: 16000 | 24000 | null = null;
  private timer: TimerHandle;
  private over = false;

  constructor(private readonly options: MediaSocketOptions) {
    const { socket, clock } = options;
    socket.on('message', (data) => this.receive(data));
    socket.on('pong', () => this.alive());
    socket.on('close', () => this.finish('remote'));
    socket.on('error', (error) => this.finish(isTooLarge(error) ? 'too_large' : 'garbage'));
    this.timer = clock.setTimer(clock.now() + FORMAT_TIMEOUT_MS, () =>
      this.refuse('no_format', POLICY_VIOLATION, 'no audio metadata came'),
    );
  }

  close(code = NORMAL, reason = ''): void {
    this.hangOn(code, reason);
    this.finish('ours');
  }

  private receive(data: RawData): void {
    if (this.over) return;
    try {
      this.dispatch(data as Buffer); // ws gives Buffers, its default
    } catch (error) {
      if (!(error instanceof MediaProtocolError)) throw error;
      this.refuse('garbage', UNSUPPORTED_DATA, error.message);
    }
  }

  private dispatch(data: Buffer): void {
    const message = this.options.codec.decode(data);
    switch (message.type) {
      case 'format':
        return this.open(message.sampleRate);
      case 'audio':
        if (this.sampleRate === null) throw new MediaProtocolError('audio before its metadata');
        return this.options.listener.audio(message.pcm, message.sentAt);
      case 'tone':
        if (this.sampleRate !== null) this.options.listener.tone(message.tone);
        return;
      case 'other':
        return; // what a carrier may add one day
    }
  }

  private open(sampleRate: 16000 | 24000): void {
    if (this.sampleRate === sampleRate) return; // told again
    if (this.sampleRate !== null) throw new MediaProtocolError('the sample rate changed in mid-call');
    this.sampleRate = sampleRate;
    this.timer.cancel();
    this.schedulePing();
    const { socket, codec } = this.options;
    this.options.listener.opened({
      sampleRate,
      send: (frame) => this.send(() => codec.encodeAudio(frame)),
      clear: () => socket.send(codec.encodeClear(), { binary: false }),
    });
  }

  private send(encode: () => Buffer): void {
    const { socket, listener } = this.options;
    if (this.over) return;
    if (socket.bufferedAmount > MAX_BACKLOG_BYTES) listener.dropped();
    else socket.send(encode(), { binary: false });
  }

  private schedulePing(): void {
    const { socket, clock } = this.options;
    this.timer = clock.setTimer(clock.now() + PING_EVERY_MS, () => {
      socket.ping();
      this.timer = clock.setTimer(clock.now() + PONG_TIMEOUT_MS, () => this.die());
    });
  }

  private alive(): void {
    if (this.over || this.sampleRate === null) return;
    this.timer.cancel();
    this.schedulePing();
  }

  private die(): void {
    this.finish('dead');
    this.options.socket.terminate();
  }

  private refuse(end: SocketEnd, code: number, reason: string): void {
    this.hangOn(code, reason);
    this.finish(end);
  }

  /** Starts the closing handshake and sees to it that it ends. */
  private hangOn(code: number, reason: string): void {
    const { socket, clock } = this.options;
    if (this.over || socket.readyState !== socket.OPEN) return;
    socket.close(code, reason);
    const timeout = clock.setTimer(clock.now() + CLOSE_TIMEOUT_MS, () => socket.terminate());
    socket.once('close', () => timeout.cancel());
  }

  private finish(end: SocketEnd): void {
    if (this.over) return;
    this.over = true;
    this.timer.cancel();
    this.options.listener.closed(end);
  }
}

function isTooLarge(error: Error): boolean {
  return 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
}
