import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { VadRing, WINDOW_SAMPLES, type VadRingBuffers } from './vad-ring.js';

// The detector thread: waits on the ring, runs Silero over the windows of all calls that are ready, publishes the probabilities.
// It holds nothing else than this, so it may block.

export interface VadThreadData {
  ring: VadRingBuffers;
  modelPath: string;
}

/** Silero is trained with the last 4 ms of the window before in front of each window; without them it hears nothing. */
const CONTEXT_SAMPLES = 64;
const INPUT_SAMPLES = CONTEXT_SAMPLES + WINDOW_SAMPLES;
const STATE_SIZE = 128;

/** The cost per window is flat from here on, and a batch of it takes about 3 ms. */
const MAX_BATCH = 32;

/** Short enough for native memory to be given back while nobody speaks to us. */
const IDLE_WAIT_MS = 1_000;

/** What Silero remembers of one stream. The model's state is [2, N, 128]: two layers. */
interface Memory {
  context: Float32Array;
  state: Float32Array;
}

class Detector {
  readonly #session: InferenceSession;
  readonly #memories = new Map<number, Memory>();
  readonly #input = new Float32Array(MAX_BATCH * INPUT_SAMPLES);
  readonly #state = new Float32Array(2 * MAX_BATCH * STATE_SIZE);
  readonly #sampleRate = new Tensor('int64', BigInt64Array.of(16_000n), []);

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  forget(streamId: number): void {
    this.#memories.delete(streamId);
  }

  /** One window of each stream; the probabilities in the same order. */
  async detect(streamIds: readonly number[], windowOf: (row: number) => Int16Array): Promise<Float32Array> {
    const memories = streamIds.map((streamId) => this.#memoryOf(streamId));
    memories.forEach((memory, row) => this.#fill(row, memories.length, memory, windowOf(row)));
    const count = memories.length;
    const answer = await this.#session.run({
      input: new Tensor('float32', this.#input.subarray(0, count * INPUT_SAMPLES), [count, INPUT_SAMPLES]),
      state: new Tensor('float32', this.#state.subarray(0, 2 * count * STATE_SIZE), [2, count, STATE_SIZE]),
      sr: this.#sampleRate,
    });
    const state = floats(answer['stateN']);
    memories.forEach((memory, row) => this.#remember(row, count, memory, state));
    return floats(answer['output']);
  }

  #memoryOf(streamId: number): Memory {
    const known = this.#memories.get(streamId);
    if (known) return known;
    const memory = { context: new Float32Array(CONTEXT_SAMPLES), state: new Float32Array(2 * STATE_SIZE) };
    this.#memories.set(streamId, memory);
    return memory;
  }

  #fill(row: number, count: number, memory: Memory, window: Int16Array): void {
    const start = row * INPUT_SAMPLES;
    this.#input.set(memory.context, start);
    let at = start + CONTEXT_SAMPLES;
    for (const sample of window) this.#input[at++] = sample / 32_768;
    for (let layer = 0; layer < 2; layer++) {
      this.#state.set(memory.state.subarray(layer * STATE_SIZE, (layer + 1) * STATE_SIZE), (layer * count + row) * STATE_SIZE);
    }
  }

  #remember(row: number, count: number, memory: Memory, state: Float32Array): void {
    const end = (row + 1) * INPUT_SAMPLES;
    memory.context.set(this.#input.subarray(end - CONTEXT_SAMPLES, end));
    for (let layer = 0; layer < 2; layer++) {
      const start = (layer * count + row) * STATE_SIZE;
      memory.state.set(state.subarray(start, start + STATE_SIZE), layer * STATE_SIZE);
    }
  }
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the model is not a Silero voice detector: output and stateN are missing');
  return tensor.data;
}

class DetectorLoop {
  readonly #ring: VadRing;
  readonly #detector: Detector;
  #position = 0;

  constructor(detector: Detector, data: VadThreadData) {
    this.#detector = detector;
    this.#ring = new VadRing(data.ring);
  }

  async run(): Promise<void> {
    while (!this.#ring.closed) {
      this.#ring.waitForWork(this.#position, IDLE_WAIT_MS);
      await this.#runBatch(); // meanwhile the windows of the next one gather: the more, the busier it is
    }
  }

  async #runBatch(): Promise<void> {
    const { streamIds, positions, end } = this.#gather();
    if (end === this.#position) return;
    if (streamIds.length > 0) {
      const probabilities = await this.#detector.detect(streamIds, (row) => this.#ring.windowAt(positions[row] ?? 0));
      positions.forEach((position, row) => this.#ring.setProbability(position, probabilities[row] ?? 0));
    }
    this.#position = end;
    if (this.#ring.publish(end)) parentPort?.postMessage('answered');
  }

  /** The longest run of windows of different streams: the second window of a stream needs the state that the first leaves. */
  #gather(): { streamIds: number[]; positions: number[]; end: number } {
    const submitted = this.#ring.submitted;
    const streamIds: number[] = [];
    const positions: number[] = [];
    let end = this.#position;
    for (; end !== submitted && streamIds.length < MAX_BATCH; end = (end + 1) | 0) {
      const streamId = this.#ring.streamIdAt(end);
      if (streamIds.includes(streamId)) break;
      if (this.#ring.closesAt(end)) {
        this.#detector.forget(streamId);
      } else {
        streamIds.push(streamId);
        positions.push(end);
      }
    }
    return { streamIds, positions, end };
  }
}

async function main(data: VadThreadData): Promise<void> {
  const session = await InferenceSession.create(data.modelPath, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3, // the model makes onnxruntime warn three times about initialisers that it removes
  });
  parentPort?.postMessage('ready');
  await new DetectorLoop(new Detector(session), data).run();
  await session.release();
}

void main(workerData as VadThreadData); // a failure is an unhandled rejection: it ends the thread, and the engine is told why
