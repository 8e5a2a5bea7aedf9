import type { CarrierTrust } from '../voice/bench-carrier.js';

export interface WorkerOrder {
  type: 'start';
  calls: number;
  trust: CarrierTrust;
}

/** What is left after garbage collection. */
export interface HeapReport {
  /** Replies since the report before. */
  exchanges: number;
  heapBytes: number;
  /** Of the heap: what V8 has compiled so far. It grows for some hundred calls, whatever a call leaves behind. */
  codeBytes: number;
  /** Audio lies here, outside the heap. */
  bufferBytes: number;
  rssBytes: number;
}
