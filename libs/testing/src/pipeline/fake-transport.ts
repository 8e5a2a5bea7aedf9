import type { Clock, MediaTransport, Ms } from '@carillon/pipeline';

export interface SentFrame {
  at: Ms;
  /** First sample: with the scripted voice, its level. */
  level: number;
  samples: number;
}

/** Keeps what was sent, and when. */
export class FakeTransport implements MediaTransport {
  readonly frames: SentFrame[] = [];
  readonly clears: Ms[] = [];

  constructor(
    private readonly clock: Clock,
    readonly sampleRate: 16000 | 24000 = 16000,
  ) {}

  send(frame: Int16Array): void {
    this.frames.push({ at: this.clock.now(), level: frame[0] ?? 0, samples: frame.length });
  }

  clear(): void {
    this.clears.push(this.clock.now());
  }
}
