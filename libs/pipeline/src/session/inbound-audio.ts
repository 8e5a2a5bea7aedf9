import type { Clock, Ms, ResamplerEngine, TimerHandle } from '../ports.js';
import { FrameIntake } from './frame-intake.js';
import { JitterBuffer, type LineCounts } from './jitter-buffer.js';

export interface InboundAudioOptions {
  clock: Clock;
  sampleRate: 16000 | 24000;
  resamplers?: ResamplerEngine | undefined;
  /** Gets frames of 20 ms at 16 kHz. */
  sink(frame: Int16Array): void;
  /** An error of the sink while nothing came in. */
  onError(error: unknown): void;
}

/** What a callee says, on its way in: jitter buffer, sample rate, frames. One timer at a time, and only while a frame is held. */
export class InboundAudio {
  private readonly buffer: JitterBuffer;
  private readonly intake: FrameIntake;
  private timer: TimerHandle | null = null;

  constructor(private readonly options: InboundAudioOptions) {
    const { sampleRate, sink, resamplers } = options;
    this.intake = new FrameIntake(sampleRate, sink, resamplers);
    this.buffer = new JitterBuffer(sampleRate, (pcm) => this.intake.push(pcm));
  }

  get counts(): Readonly<LineCounts> {
    return this.buffer.counts;
  }

  push(pcm: Int16Array, sentAt: Ms | null): void {
    const { buffer, options } = this;
    buffer.push(pcm, sentAt, options.clock.now());
    if (buffer.holdUntil === null) this.disarm();
    else this.timer ??= options.clock.setTimer(buffer.holdUntil, this.onTimer);
  }

  close(): void {
    this.disarm();
    this.intake.close();
  }

  private readonly onTimer = (): void => {
    this.timer = null;
    try {
      this.buffer.release();
    } catch (error) {
      this.options.onError(error);
    }
  };

  private disarm(): void {
    this.timer?.cancel();
    this.timer = null;
  }
}
