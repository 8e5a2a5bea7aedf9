import type { Clock, Ms, SttListener, SttProvider, SttStream } from '@carillon/pipeline';

export interface Outage {
  clock: Clock;
  /** Streams that are open then break. */
  from: Ms;
  to: Ms;
  error?: Error | undefined;
  /** What a refusal takes to come back. */
  refusedAfterMs?: Ms | undefined;
}

/** A recogniser that is away for a time: its streams break, and new ones are refused. */
export class OutageStt implements SttProvider {
  /** When it was asked for a stream in vain. */
  readonly refusedAt: Ms[] = [];

  constructor(
    private readonly inner: SttProvider,
    private readonly outage: Outage,
  ) {}

  get finalP99Ms(): Ms {
    return this.inner.finalP99Ms;
  }

  open(options: { language: string; phrases: readonly string[] }, listener: SttListener): SttStream {
    const { clock, from, to, error = new Error('scripted refusal'), refusedAfterMs = 20 } = this.outage;
    const now = clock.now();
    if (now >= from && now < to) {
      this.refusedAt.push(now);
      const refusal = clock.setTimer(now + refusedAfterMs, () => listener.failed(error));
      return { push: () => undefined, close: () => refusal.cancel() };
    }
    const stream = this.inner.open(options, listener);
    if (now >= to) return stream;
    const end = clock.setTimer(from, () => {
      stream.close();
      listener.failed(error);
    });
    const close: SttStream['close'] = (because) => {
      end.cancel();
      stream.close(because);
    };
    return { push: (frame) => stream.push(frame), close };
  }
}
