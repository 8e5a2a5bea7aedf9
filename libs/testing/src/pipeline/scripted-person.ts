import type { Clock, Ms, TimerHandle } from '@carillon/pipeline';

const FRAME_MS = 20;

/** Sends a frame each 20 ms: voice while the script says so, else silence. Frames are shared and never written to. */
export class ScriptedPerson {
  private readonly voice: Int16Array;
  private readonly silence: Int16Array;
  private readonly stretches: { from: Ms; to: Ms }[] = [];
  private readonly tones: { from: Ms; to: Ms; frame(at: Ms): Int16Array }[] = [];
  private timer: TimerHandle | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly deliver: (frame: Int16Array) => void,
    private readonly sampleRate: 16000 | 24000 = 16000,
    level = 3_000,
  ) {
    this.voice = new Int16Array((sampleRate * FRAME_MS) / 1000).fill(level);
    this.silence = new Int16Array((sampleRate * FRAME_MS) / 1000);
  }

  /** Picks up: the first frame arrives once it is full. */
  start(): void {
    const at = this.clock.now() + FRAME_MS;
    this.timer = this.clock.setTimer(at, () => this.tick(at));
  }

  /** Voice from `from` on. With multiples of 160 ms its ends fall on the ends of frames and of the voice detector's windows. */
  speaks(from: Ms, durationMs: Ms): void {
    this.stretches.push({ from, to: from + durationMs });
  }

  /** A machine's tone from `from` on; the scripted voice detector takes it for voice, as the real one sometimes does. */
  beeps(from: Ms, durationMs: Ms, hertz = 880): void {
    const { sampleRate, voice } = this;
    const frame = (at: Ms): Int16Array => {
      const sound = (sample: number): number => Math.sin(2 * Math.PI * hertz * ((at - FRAME_MS) / 1000 + sample / sampleRate));
      return Int16Array.from(voice, (_, sample) => 6_000 * sound(sample));
    };
    this.tones.push({ from, to: from + durationMs, frame });
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private tick(at: Ms): void {
    const tone = this.tones.find(({ from, to }) => at > from && at <= to);
    const speaking = this.stretches.some(({ from, to }) => at > from && at <= to);
    this.timer = this.clock.setTimer(at + FRAME_MS, () => this.tick(at + FRAME_MS));
    this.deliver(tone !== undefined ? tone.frame(at) : speaking ? this.voice : this.silence);
  }
}
