import { WebSocket } from 'ws';

const FRAME_SAMPLES = 320;
const FRAME_BYTES = FRAME_SAMPLES * 2;
const SILENCE = Buffer.alloc(FRAME_BYTES).toString('base64');
/** Quieter than this the agent is not speaking: about −46 dBFS. */
const SPEECH_RMS = 160;
/** So long after the agent's last sound a person takes it as finished. */
const AGENT_DONE_TICKS = 30;
/** A gap in the agent's sound that is shorter than this was meant to be sound: an underrun. */
const UNDERRUN_TICKS = 20;
const STOP_KIND = /"kind"\s*:\s*"stopaudio"/i;
const DATA = /"data"\s*:\s*"([A-Za-z0-9+/=]+)"/i;

/** One phone call as the carrier and the person see it: real frames each 20 ms, an answer after each thing that the agent says. */
export class Caller {
  framesSent = 0;
  framesReceived = 0;
  underruns = 0;
  utterances = 0;
  dropped = false;
  private readonly queue: Buffer[] = [];
  private speech: string[] = [];
  private quietTicks = 0;
  private heardAgent = false;
  private ticksSinceDry = Number.POSITIVE_INFINITY;
  private closing = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly clips: readonly string[][],
    private readonly random: () => number,
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

  /** 20 ms have passed: send one frame, hear one. */
  tick(timestamp: string): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.hear();
    const data = this.speech.shift();
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
    const text = data.toString('latin1');
    if (STOP_KIND.test(text)) {
      this.queue.length = 0;
      this.ticksSinceDry = Number.POSITIVE_INFINITY;
      return;
    }
    const audio = DATA.exec(text)?.[1];
    if (audio === undefined) return;
    const pcm = Buffer.from(audio, 'base64');
    for (let at = 0; at < pcm.length; at += FRAME_BYTES) {
      this.framesReceived++;
      this.queue.push(pcm.subarray(at, at + FRAME_BYTES));
    }
  }

  private hear(): void {
    const frame = this.queue.shift();
    if (frame === undefined) {
      this.ticksSinceDry++;
    } else {
      if (this.ticksSinceDry > 0 && this.ticksSinceDry < UNDERRUN_TICKS) this.underruns++;
      this.ticksSinceDry = 0;
    }
    if (frame !== undefined && rms(frame) > SPEECH_RMS) {
      this.heardAgent = true;
      this.quietTicks = 0;
    } else {
      this.quietTicks++;
    }
    if (this.heardAgent && this.speech.length === 0 && this.quietTicks === AGENT_DONE_TICKS) this.answer();
  }

  private answer(): void {
    this.heardAgent = false;
    const pause = Array.from({ length: Math.floor(this.random() * 25) }, () => SILENCE);
    this.speech = [...pause, ...(this.clips[Math.floor(this.random() * this.clips.length)] ?? [])];
    this.utterances++;
  }
}

/** Speech as ready-made base64 frames: the generator must not cost more than the worker it loads. */
export function clipFrames(pcm: Buffer): string[] {
  const frames: string[] = [];
  for (let at = 0; at + FRAME_BYTES <= pcm.length; at += FRAME_BYTES) frames.push(pcm.subarray(at, at + FRAME_BYTES).toString('base64'));
  return frames;
}

function rms(frame: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < frame.length; at += 8) sum += frame.readInt16LE(at) ** 2; // every fourth sample is enough
  return Math.sqrt(sum / (frame.length / 8));
}
