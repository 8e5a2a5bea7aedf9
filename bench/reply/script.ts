import type { CarrierTrust } from '../voice/bench-carrier.js';
import type { CuedUtterance } from '../voice/cued-recogniser.js';

/** The providers' delays, from requirement H3; the recogniser's stand with it. */
export const TTFT_MS = 200;
export const TTFB_MS = 150;
export const KEY = 'bench';

export interface ServicesOrder {
  type: 'start';
  /** By cue. */
  utterances: readonly CuedUtterance[];
}

export interface WorkerOrder {
  type: 'start';
  calls: number;
  trust: CarrierTrust;
  /** `host:port` of the services. */
  services: string;
}

/** Whole sentences, each of them surely over at its end. */
export const SENTENCES = [
  'Tuesday the third of June would be fine for me.',
  'That is really all I can tell you.',
  'We bought the house in Springfield last summer.',
  'You can send the papers to my office tomorrow.',
  'My wife takes care of the garden these days.',
  'It was a very good year for both of us.',
];
