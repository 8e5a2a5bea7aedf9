import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

// A detector thread whose first inference takes `stuckMs` or longer: the real runtime, given far too much work at once. Afterwards it
// answers all that waits with 0, until the ring is closed.

const { ring, modelPath, stuckMs } = workerData;
const BATCH = 4_000;
const SUBMITTED = 0;
const ANSWERED = 1;
const WOKEN = 2;
const CLOSED = 3;
const counters = new Int32Array(ring.counters);

const session = await InferenceSession.create(modelPath, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
let batch = BATCH;
let tookMs = await infer(batch);
while (tookMs < 50) tookMs = await infer((batch *= 2));
parentPort?.postMessage('ready');
Atomics.wait(counters, SUBMITTED, 0);
await infer(Math.ceil((batch * stuckMs) / tookMs));
while (Atomics.load(counters, CLOSED) === 0) {
  Atomics.store(counters, ANSWERED, Atomics.load(counters, SUBMITTED));
  if (Atomics.exchange(counters, WOKEN, 1) === 0) parentPort?.postMessage('answered');
  Atomics.wait(counters, SUBMITTED, Atomics.load(counters, ANSWERED), 100);
}
await session.release();

async function infer(rows) {
  const startedAt = performance.now();
  await session.run({
    input: new Tensor('float32', new Float32Array(rows * 576), [rows, 576]),
    state: new Tensor('float32', new Float32Array(2 * rows * 128), [2, rows, 128]),
    sr: new Tensor('int64', BigInt64Array.of(16_000n), []),
  });
  return performance.now() - startedAt;
}
