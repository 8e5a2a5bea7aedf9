import type { Claim } from '@carillon/contracts';
import type { Clock, Ms, TimerHandle } from '@carillon/pipeline';
import { within, type Logger } from '@carillon/platform';
import type { MediaOwner, NewMessage } from '@carillon/store';
import type { MediaMetrics } from './media-metrics.js';
import type { ConversationOutcome, ConversationStore } from './ports.js';

/** How long a message may wait for others before it is written. */
const FLUSH_MS: Ms = 300;
/** A person's line may be corrected by its final transcript, which comes within about a second: until then it and what follows is held. */
const REVISION_WINDOW_MS: Ms = 2_000;
const FIRST_RETRY_MS: Ms = 250;
const LAST_RETRY_MS: Ms = 5_000;
/** A write that was not answered by then counts as failed; it may still arrive, and is harmless twice. */
const WRITE_TIMEOUT_MS: Ms = 5_000;
/** Far more than any call holds: what keeps memory bounded while Postgres is away. */
const MAX_BUFFERED = 2_000;
/** How long the end of a call waits for Postgres to come back. The reaper wraps the call up without us after that. */
export const CLOSE_PATIENCE_MS: Ms = 120_000;

/** One message before its number is known; `id` grows by the order of saying. */
export interface MessageDraft extends Omit<NewMessage, 'seq'> {
  id: number;
}

export interface ConversationWriterOptions {
  owner: MediaOwner;
  store: ConversationStore;
  clock: Clock;
  log: Logger;
  metrics: Pick<MediaMetrics, 'flushFailures' | 'messagesLost' | 'lateRevisions'>;
  /** What the call's last worker may not have written before it was lost. */
  inherited?: readonly NewMessage[] | undefined;
}

/** What was said and may not be written yet. */
export interface Unwritten {
  messages: readonly NewMessage[];
  claim: Claim | null;
}

/** `fenced`: another worker owns the call now. `gave_up`: Postgres was away for too long. */
export type WriteResult = 'written' | 'fenced' | 'gave_up';

interface Buffered {
  draft: MessageDraft;
  said: Ms;
}

/** Writes what is said in one call in batches, off the audio path, in order, and as often as it takes. */
export class ConversationWriter {
  private buffer: Buffered[] = [];
  private unsavedClaim: Claim | null = null;
  private lastClaim: Claim | null = null;
  private nextSeq: number | null = null;
  private fenced = false;
  /** At the end nothing is held back any more. */
  private ending = false;
  private failures = 0;
  private timer: TimerHandle | null = null;
  /** Writes run one after the other. */
  private running: Promise<void> = Promise.resolve();
  private inFlight: ReadonlySet<Buffered> = new Set();

  /** Of the worker before, until it is known which of it was written. */
  private inherited: readonly NewMessage[];

  constructor(private readonly options: ConversationWriterOptions) {
    this.inherited = options.inherited ?? [];
    this.schedule(0); // at once: the call's epoch is stored before anything is said
  }

  say(draft: MessageDraft): void {
    if (this.fenced) return;
    this.buffer.push({ draft, said: this.options.clock.now() });
    if (this.buffer.length > MAX_BUFFERED) {
      this.buffer.shift();
      this.options.metrics.messagesLost.inc();
    }
    this.schedule(FLUSH_MS);
  }

  revise(id: number, content: string): void {
    const entry = this.buffer.find(({ draft }) => draft.id === id);
    if (entry === undefined || this.inFlight.has(entry)) this.options.metrics.lateRevisions.inc();
    else entry.draft = { ...entry.draft, content };
  }

  claim(claim: Claim): void {
    this.unsavedClaim = claim;
    this.lastClaim = claim;
    this.schedule(FLUSH_MS);
  }

  /** What was collected in the end, written or not; null where nothing was. */
  get latestClaim(): Claim | null {
    return this.lastClaim;
  }

  /**
   * For a snapshot, with what was not given to us yet, under the ids that it will have. Where nobody knows yet how much is written already, only
   * what the worker before had left.
   */
  unwritten(underway: readonly MessageDraft[] = []): Unwritten {
    const { nextSeq, unsavedClaim: claim } = this;
    const drafts = [...this.buffer.map(({ draft }) => draft), ...underway];
    return { messages: nextSeq === null ? this.inherited : numbered(drafts, nextSeq), claim };
  }

  /** Writes all that is left and says that it was the last. */
  async close(outcome: ConversationOutcome, patienceMs: Ms = CLOSE_PATIENCE_MS): Promise<WriteResult> {
    this.ending = true;
    this.timer?.cancel();
    const { clock, log, metrics } = this.options;
    const giveUpAt = clock.now() + patienceMs;
    while (!this.fenced) {
      if (await this.attempt(() => this.writeLast(outcome))) break;
      if (clock.now() + this.retryMs >= giveUpAt) {
        metrics.messagesLost.inc(this.buffer.length);
        log.error({ messages: this.buffer.length }, 'the end of a conversation could not be written');
        return 'gave_up';
      }
      await new Promise<void>((resolve) => clock.setTimer(clock.now() + this.retryMs, resolve));
    }
    return this.fenced ? 'fenced' : 'written';
  }

  private async writeLast(outcome: ConversationOutcome): Promise<void> {
    await this.writeReady();
    if (!this.fenced) this.fenceUnless(await this.inTime(this.options.store.close(this.options.owner, outcome)));
  }

  private get retryMs(): Ms {
    return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, this.failures - 1));
  }

  private schedule(delayMs: Ms): void {
    if (this.timer !== null || this.ending || this.fenced) return;
    const { clock } = this.options;
    this.timer = clock.setTimer(clock.now() + delayMs, () => void this.tick());
  }

  private async tick(): Promise<void> {
    const done = await this.attempt(() => this.writeReady());
    this.timer = null;
    if (!done) this.schedule(this.retryMs);
    else if (this.buffer.length > 0 || this.unsavedClaim !== null) this.schedule(FLUSH_MS);
  }

  /** False when it failed: it is tried again later. */
  private async attempt(work: () => Promise<void>): Promise<boolean> {
    const before = this.running;
    const attempt = before.then(work);
    this.running = attempt.catch(() => undefined);
    try {
      await attempt;
      this.failures = 0;
      return true;
    } catch (error) {
      this.failures += 1;
      this.options.metrics.flushFailures.inc();
      this.options.log.warn({ err: error, failures: this.failures }, 'turns could not be written and are kept');
      return false;
    } finally {
      this.inFlight = new Set();
    }
  }

  private async writeReady(): Promise<void> {
    await this.bind();
    const batch = this.ready();
    if (!this.fenced && batch.length > 0) await this.append(batch);
    const claim = this.unsavedClaim;
    if (this.fenced || claim === null) return;
    this.fenceUnless(await this.inTime(this.options.store.claim(this.options.owner, claim)));
    if (this.unsavedClaim === claim) this.unsavedClaim = null;
  }

  private async bind(): Promise<void> {
    if (this.nextSeq !== null || this.fenced) return;
    const bound = await this.inTime(this.options.store.bind(this.options.owner));
    this.fenceUnless(bound !== null);
    if (bound !== null) this.nextSeq = await this.writeInherited(bound.nextSeq);
  }

  /** Messages are written in order: of those inherited, all from `nextSeq` on are missing. */
  private async writeInherited(nextSeq: number): Promise<number> {
    const missing = this.inherited.filter(({ seq }) => seq >= nextSeq);
    if (missing.length > 0) this.fenceUnless(await this.inTime(this.options.store.append(this.options.owner, missing)));
    this.inherited = [];
    return Math.max(nextSeq, ...missing.map(({ seq }) => seq + 1));
  }

  private async append(batch: readonly Buffered[]): Promise<void> {
    const { store, owner } = this.options;
    this.inFlight = new Set(batch);
    const messages = numbered(
      batch.map(({ draft }) => draft),
      this.nextSeq ?? 0,
    );
    this.fenceUnless(await this.inTime(store.append(owner, messages)));
    this.buffer = this.buffer.filter((entry) => !this.inFlight.has(entry));
  }

  /** Messages up to the first line of the person that may still be corrected. */
  private ready(): Buffered[] {
    if (this.ending) return [...this.buffer];
    const settledBefore = this.options.clock.now() - REVISION_WINDOW_MS;
    const open = this.buffer.findIndex(({ draft, said }) => draft.persona === 'human' && said > settledBefore);
    return open < 0 ? [...this.buffer] : this.buffer.slice(0, open);
  }

  private fenceUnless(owned: boolean): void {
    if (owned || this.fenced) return;
    this.fenced = true;
    this.buffer = [];
    this.unsavedClaim = null;
    this.options.log.warn({ epoch: this.options.owner.epoch }, 'another worker owns this call now');
  }

  private async inTime<Value>(write: Promise<Value>): Promise<Value> {
    if (!(await within(WRITE_TIMEOUT_MS, write))) throw new Error('the write was not answered in time');
    return write;
  }
}

function numbered(drafts: readonly MessageDraft[], nextSeq: number): NewMessage[] {
  return drafts.map(({ id, ...message }) => ({ ...message, seq: nextSeq + id }));
}
