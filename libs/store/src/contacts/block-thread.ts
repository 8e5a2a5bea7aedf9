import { parentPort, workerData } from 'node:worker_threads';
import { blockReader, type BlockRules, transferables } from './read-block.js';
import type { RecordBlock } from './record-cutter.js';
import { releaseBuffer } from './release-buffer.js';

// A thread of an import: a block of records comes in, what it comes to goes back, one after the other.

const read = blockReader(workerData as BlockRules);

parentPort?.on('message', (block: RecordBlock) => {
  const result = read(block);
  releaseBuffer(block.bytes.buffer);
  parentPort?.postMessage(result, transferables(result));
});
