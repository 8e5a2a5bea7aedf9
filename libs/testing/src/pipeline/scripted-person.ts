import type { Clock, Ms, TimerHandle } from '@carillon/pipeline';

const FRAME_MS = 20;

/** Sends a frame each 20 ms: voice while the script says so, else silence. Frames are shared and never written to. */
export class ScriptedPerson {
  private readonly voice: Int16Array;
  private readonly silence: Int16Array;
  private readonly stretches: { from: Ms; to: Ms }[] = [];
  private timer: TimerHandle | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly deliver: (frame: Int16Array) => void,
    sampleRate: 16000 | 24000 = 16000,
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

  stop(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private tick(at: Ms): void {
    const speaking = this.stretches.some(({ from, to }) => at > from && at <= to);
    this.timer = this.clock.setTimer(at + FRAME_MS, () => this.tick(at + FRAME_MS));
    this.deliver(speaking ? this.voice : this.silence);
  }
}
