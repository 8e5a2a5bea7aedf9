/** Samples of one Silero window at 16 kHz: 32 ms. */
export const WINDOW_SAMPLES = 512;

/** Windows that may wait or be answered at once; a second and a third of audio at 50 calls. A power of two. */
const CAPACITY = 2048;

const SUBMITTED = 0; // windows written by the main thread
const ANSWERED = 1; // windows answered by the detector thread
const WOKEN = 2; // 1 while a wake-up message is on its way to the main thread
const CLOSED = 3;
const BATCHES = 4;
const COUNTERS = 5;

/** Marks an entry without audio: the stream is over and its state can go. */
const CLOSES = 1;

export interface VadRingBuffers {
  counters: SharedArrayBuffer;
  streamIds: SharedArrayBuffer;
  flags: SharedArrayBuffer;
  samples: SharedArrayBuffer;
  probabilities: SharedArrayBuffer;
}

export function createVadRingBuffers(): VadRingBuffers {
  return {
    counters: new SharedArrayBuffer(COUNTERS * 4),
    streamIds: new SharedArrayBuffer(CAPACITY * 4),
    flags: new SharedArrayBuffer(CAPACITY),
    samples: new SharedArrayBuffer(CAPACITY * WINDOW_SAMPLES * 2),
    probabilities: new SharedArrayBuffer(CAPACITY * 4),
  };
}

/**
 * Windows on their way to the detector thread and their probabilities on the way back, in shared memory: no message, promise or
 * allocation per window. Windows are answered in the order of submission, so one index serves both directions: an entry is free again
 * when the main thread has taken its answer. Counters only grow and wrap at 2^32; differences of them are what counts.
 */
export class VadRing {
  static readonly capacity = CAPACITY;
  readonly buffers: VadRingBuffers;
  readonly #counters: Int32Array;
  readonly #streamIds: Int32Array;
  readonly #flags: Uint8Array;
  readonly #samples: Int16Array;
  readonly #probabilities: Float32Array;

  constructor(buffers: VadRingBuffers) {
    this.buffers = buffers;
    this.#counters = new Int32Array(buffers.counters);
    this.#streamIds = new Int32Array(buffers.streamIds);
    this.#flags = new Uint8Array(buffers.flags);
    this.#samples = new Int16Array(buffers.samples);
    this.#probabilities = new Float32Array(buffers.probabilities);
  }

  // --- main thread

  get submitted(): number {
    return Atomics.load(this.#counters, SUBMITTED);
  }

  get answered(): number {
    return Atomics.load(this.#counters, ANSWERED);
  }

  /** The caller has made sure that the entry is free. */
  submit(streamId: number, window: Int16Array | undefined): void {
    const entry = this.submitted & (CAPACITY - 1);
    this.#streamIds[entry] = streamId;
    this.#flags[entry] = window ? 0 : CLOSES;
    if (window) this.#samples.set(window, entry * WINDOW_SAMPLES);
    Atomics.add(this.#counters, SUBMITTED, 1);
    Atomics.notify(this.#counters, SUBMITTED);
  }

  /** Before answers are taken: from here on the thread wakes us again. */
  acceptWake(): void {
    Atomics.store(this.#counters, WOKEN, 0);
  }

  streamIdAt(position: number): number {
    return this.#streamIds[position & (CAPACITY - 1)] ?? 0;
  }

  closesAt(position: number): boolean {
    return this.#flags[position & (CAPACITY - 1)] === CLOSES;
  }

  probabilityAt(position: number): number {
    return this.#probabilities[position & (CAPACITY - 1)] ?? 0;
  }

  /** Batches answered since the last time this was asked. */
  takeBatches(): number {
    return Atomics.exchange(this.#counters, BATCHES, 0);
  }

  close(): void {
    Atomics.store(this.#counters, CLOSED, 1);
    Atomics.notify(this.#counters, SUBMITTED);
  }

  // --- detector thread

  get closed(): boolean {
    return Atomics.load(this.#counters, CLOSED) === 1;
  }

  /** Blocks the calling thread until something is submitted after `position`, the ring is closed, or `timeoutMs` is over. */
  waitForWork(position: number, timeoutMs: number): void {
    if (!this.closed) Atomics.wait(this.#counters, SUBMITTED, position, timeoutMs);
  }

  windowAt(position: number): Int16Array {
    const start = (position & (CAPACITY - 1)) * WINDOW_SAMPLES;
    return this.#samples.subarray(start, start + WINDOW_SAMPLES);
  }

  setProbability(position: number, probability: number): void {
    this.#probabilities[position & (CAPACITY - 1)] = probability;
  }

  /** Everything before `position` is answered. True when the main thread has to be woken for it. */
  publish(position: number): boolean {
    Atomics.add(this.#counters, BATCHES, 1);
    Atomics.store(this.#counters, ANSWERED, position);
    return Atomics.exchange(this.#counters, WOKEN, 1) === 0;
  }
}
