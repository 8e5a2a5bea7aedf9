import type { CarrierTrust } from '../voice/bench-carrier.js';
import type { CuedUtterance } from '../voice/cued-recogniser.js';

export interface WorkerOrder {
  type: 'start';
  calls: number;
  trust: CarrierTrust;
  /** By cue. */
  utterances: readonly CuedUtterance[];
}

/** How long an echo lasts. */
export const ECHO_MS = 1_200;
