import { WebSocket } from 'ws';

export const FRAME_SAMPLES = 320;
const FRAME_BYTES = FRAME_SAMPLES * 2;
export const SILENCE = Buffer.alloc(FRAME_BYTES).toString('base64');
/** Quieter than this the agent is not speaking: about −46 dBFS. */
const SPEECH_RMS = 160;
/** A gap in the agent's sound that is shorter than this was meant to be sound: an underrun. */
const UNDERRUN_TICKS = 20;
const STOP_KIND = /"kind"\s*:\s*"stopaudio"/i;
const DATA = /"data"\s*:\s*"([A-Za-z0-9+/=]+)"/i;

/** What happens on the line, when it happens: times are `performance.now()`. */
export interface PhoneEars {
  /** Audio of the agent has come; it is heard after all that came before it. */
  arrived?(at: number): void;
  /** The carrier was told to drop what it had not played. */
  stopped?(at: number): void;
}

/** One phone call as the carrier sees it: frames of 20 ms both ways, and a queue of what is still to be heard. */
export class Phone {
  framesSent = 0;
  framesReceived = 0;
  underruns = 0;
  dropped = false;
  private readonly queue: Buffer[] = [];
  private ticksSinceDry = Number.POSITIVE_INFINITY;
  private closing = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly ears: PhoneEars = {},
  ) {
    socket.on('message', (data: Buffer) => this.receive(data));
    socket.on('close', () => (this.dropped = !this.closing));
    socket.on('error', () => (this.dropped = true));
    socket.send(
      JSON.stringify({
        kind: 'AudioMetadata',
        audioMetadata: { subscriptionId: 'bench', encoding: 'PCM', sampleRate: 16000, channels: 1, length: FRAME_BYTES },
      }),
    );
  }

  get open(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** The 20 ms that the person hears now, if there is sound. */
  hear(): Buffer | undefined {
    const frame = this.queue.shift();
    if (frame === undefined) {
      this.ticksSinceDry++;
    } else {
      if (this.ticksSinceDry > 0 && this.ticksSinceDry < UNDERRUN_TICKS) this.underruns++;
      this.ticksSinceDry = 0;
    }
    return frame;
  }

  /** Sends 20 ms of audio, base64; silence without any. */
  send(timestamp: string, data?: string): void {
    this.framesSent++;
    this.socket.send(
      `{"kind":"AudioData","audioData":{"timestamp":"${timestamp}","data":"${data ?? SILENCE}","silent":${data === undefined}}}`,
    );
  }

  close(): void {
    this.closing = true;
    this.socket.close(1000);
  }

  private receive(data: Buffer): void {
    const at = performance.now();
    const text = data.toString('latin1');
    if (STOP_KIND.test(text)) {
      this.queue.length = 0;
      this.ticksSinceDry = Number.POSITIVE_INFINITY;
      this.ears.stopped?.(at);
      return;
    }
    const audio = DATA.exec(text)?.[1];
    if (audio === undefined) return;
    const pcm = Buffer.from(audio, 'base64');
    for (let from = 0; from < pcm.length; from += FRAME_BYTES) {
      this.framesReceived++;
      this.queue.push(pcm.subarray(from, from + FRAME_BYTES));
    }
    this.ears.arrived?.(at);
  }
}

/** Speech as ready-made base64 frames: the generator must not cost more than the worker it loads. */
export function clipFrames(pcm: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at + FRAME_BYTES <= pcm.length; at += FRAME_BYTES) frames.push(pcm.subarray(at, at + FRAME_BYTES).toString('base64'));
  return frames;
}

export function isSpeech(frame: Buffer): boolean {
  let sum = 0;
  for (let at = 0; at + 1 < frame.length; at += 8) sum += frame.readInt16LE(at) ** 2; // every fourth sample is enough
  return Math.sqrt(sum / (frame.length / 8)) > SPEECH_RMS;
}
