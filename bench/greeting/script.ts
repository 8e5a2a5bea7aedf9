import type { CarrierTrust } from '../voice/bench-carrier.js';

export interface WorkerOrder {
  type: 'start';
  /** Calls that talk all the while, and calls whose greeting is timed. */
  load: number;
  calls: number;
  trust: CarrierTrust;
}

/** A phone rings: its call, by ordinal, will be answered. */
export interface Ring {
  type: 'ring';
  call: number;
}
