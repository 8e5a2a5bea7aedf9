import { slotsFor, type OpenCalls } from './busy-slots.js';
import { pacingDefaults, type PacingMode } from './dials-to-start.js';

export interface OpenDials extends OpenCalls {
  mode: PacingMode;
  epsilon?: number;
}

export interface Demand extends OpenDials {
  /** Contacts that could be dialed before new slots are there (about a minute): due, and within the limits of rate and concurrency. */
  due: number;
  overdialCap?: number;
  catchReserve?: number;
}

/**
 * The slots that a campaign's open calls hold: one per talk, and as many as its ringing phones need. What is left of the fleet can be shared; a campaign then
 * paces with the slots that it holds and those that it was given.
 */
export function slotsHeld(dials: OpenDials): number {
  const { mode, talking, ringing, epsilon = pacingDefaults.epsilon } = dials;
  return mode === 'progressive' ? talking + ringing.length : slotsFor(dials, 0, epsilon);
}

/**
 * The slots with which pacing would hold back nothing of what is due. Exported as a metric to scale on: a fleet that is merely full shows no more than that,
 * while this says how much more work there is.
 */
export function desiredSlots(demand: Demand): number {
  const { mode, talking, ringing, due, epsilon = pacingDefaults.epsilon } = demand;
  const { overdialCap = pacingDefaults.overdialCap, catchReserve = pacingDefaults.catchReserve } = demand;
  const open = talking + ringing.length + due;
  if (mode === 'progressive') return open;
  const forAnswers = Math.ceil(slotsFor(demand, due, epsilon) / (1 - catchReserve));
  return Math.min(open, Math.max(forAnswers, Math.ceil(open / overdialCap)));
}
