import type { Clock, Ms, TimerHandle } from '@carillon/pipeline';
import { within, type Logger } from '@carillon/platform';
import type { MediaOwner } from '@carillon/store';
import type { MediaMetrics } from './media-metrics.js';
import type { CallSnapshots, KeptCall } from './ports.js';

/** What a worker that is killed takes with it at most. */
const EVERY_MS: Ms = 1_000;
/** The next socket of the call waits for the last snapshot of this one. */
const LAST_TIMEOUT_MS: Ms = 2_000;

export interface SnapshotKeeperOptions {
  owner: MediaOwner;
  snapshots: CallSnapshots;
  /** As long as the call may still last, at least. */
  expiryMs: number;
  clock: Clock;
  log: Logger;
  metrics: Pick<MediaMetrics, 'snapshots'>;
  /** What turn taking and the transcript look like; the same objects as long as nothing has changed. Null before the call has begun. */
  look(): readonly unknown[] | null;
  take(): KeptCall | null;
  /** Another worker has the call: this one was frozen, or cut off. */
  onFenced(): void;
}

/** `fenced`: another worker has the call. `unknown`: nobody answered, or not in time. */
export type Keeping = 'kept' | 'fenced' | 'unknown';

/** Keeps one call so that another worker can go on with it, off the audio path: a second old at most, and nothing while nothing happens. */
export class SnapshotKeeper {
  private timer: TimerHandle | null;
  private seen: readonly unknown[] | null = null;
  /** Writes run one after the other, so that the last one is the last. */
  private running: Promise<unknown> = Promise.resolve();
  private over = false;
  private failing = false;

  constructor(private readonly options: SnapshotKeeperOptions) {
    this.timer = this.schedule();
  }

  /** The line is lost (undefined: before anything new happened), or, with null, the call is over. Resolves when it is kept, or took too long. */
  async end(last: KeptCall | null | undefined): Promise<void> {
    this.over = true;
    this.timer?.cancel();
    this.timer = null;
    if (last !== undefined) await within(LAST_TIMEOUT_MS, this.write(last));
  }

  /** At once, before something that only the owner of the call may do, and that the next one must know of. */
  async keepNow(): Promise<Keeping> {
    const writing = this.write(this.options.take());
    return (await within(LAST_TIMEOUT_MS, writing)) ? writing : 'unknown';
  }

  private schedule(): TimerHandle {
    const { clock } = this.options;
    return clock.setTimer(clock.now() + EVERY_MS, () => void this.tick());
  }

  private async tick(): Promise<void> {
    const looks = this.options.look();
    if (looks !== null && looks.some((part, index) => part !== this.seen?.[index])) {
      this.seen = looks;
      await this.write(this.options.take());
    }
    if (!this.over) this.timer = this.schedule();
  }

  /** Never rejects. */
  private write(call: KeptCall | null): Promise<Keeping> {
    const { owner, snapshots, expiryMs } = this.options;
    const writing = this.running
      .then(() => snapshots.keep(owner, call, expiryMs))
      .then(
        (owned) => this.onWritten(owned),
        (error: unknown) => this.onFailed(error),
      );
    this.running = writing;
    return writing;
  }

  private onWritten(owned: boolean): Keeping {
    this.failing = false;
    this.options.metrics.snapshots.inc({ outcome: owned ? 'kept' : 'fenced' });
    if (!owned && !this.over) this.options.onFenced();
    return owned ? 'kept' : 'fenced';
  }

  /** Said once: a Redis that is away fails every call each second. It is tried again with the next change. */
  private onFailed(error: unknown): Keeping {
    this.seen = null;
    this.options.metrics.snapshots.inc({ outcome: 'failed' });
    if (!this.failing) this.options.log.warn({ err: error }, 'the snapshot of a call could not be kept');
    this.failing = true;
    return 'unknown';
  }
}
