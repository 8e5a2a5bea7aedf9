import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

// A detector thread that is stuck in the real runtime for `stuckMs` from its first window on: far too much work at once, in inferences of
// a quarter of a second and more. Afterwards it answers all that waits with 0, until the ring is closed.

const { ring, modelPath, stuckMs } = workerData;
const ROWS = 20_000;
const SUBMITTED = 0;
const ANSWERED = 1;
const WOKEN = 2;
const CLOSED = 3;
const counters = new Int32Array(ring.counters);

const session = await InferenceSession.create(modelPath, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
parentPort?.postMessage('ready');
Atomics.wait(counters, SUBMITTED, 0);
const stuckUntil = performance.now() + stuckMs;
while (performance.now() < stuckUntil) await infer();
while (Atomics.load(counters, CLOSED) === 0) {
  Atomics.store(counters, ANSWERED, Atomics.load(counters, SUBMITTED));
  if (Atomics.exchange(counters, WOKEN, 1) === 0) parentPort?.postMessage('answered');
  Atomics.wait(counters, SUBMITTED, Atomics.load(counters, ANSWERED), 100);
}
await session.release();

async function infer() {
  await session.run({
    input: new Tensor('float32', new Float32Array(ROWS * 576), [ROWS, 576]),
    state: new Tensor('float32', new Float32Array(2 * ROWS * 128), [2, ROWS, 128]),
    sr: new Tensor('int64', BigInt64Array.of(16_000n), []),
  });
}
