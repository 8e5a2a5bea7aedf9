import { dialsWithin, type OpenCalls } from './busy-slots.js';

/** `progressive`: a free slot for every phone that rings. `overlap`: more phones than slots, as long as enough of them stay unanswered. */
export type PacingMode = 'progressive' | 'overlap';

/** Answered calls of the policy's period, those of them that found no slot, and the share that the policy allows. */
export interface Abandonment {
  answered: number;
  abandoned: number;
  limit: number;
}

export interface Pacing extends OpenCalls {
  mode: PacingMode;
  /** What this campaign may fill, those that talk included. */
  slots: number;
  /** The accepted probability that more phones are answered than slots are free. */
  epsilon?: number;
  /** At most this many open calls per slot; 1 or more. */
  overdialCap?: number;
  /** Share of the slots that overlap never plans with: room for answers that the learned rate did not expect. */
  catchReserve?: number;
  abandonment: Abandonment | null;
}

export const pacingDefaults = { epsilon: 0.01, overdialCap: 3, catchReserve: 0.03 } as const;

/** Of the policy's limit: from here on only progressive, which abandons nobody, so that the measured share can only fall. */
const NEAR_LIMIT = 0.8;

/**
 * How many calls to start now. Progressive keeps one slot per ringing phone. Overlap starts further ones while P(more slots are needed than there are without
 * the reserve) ≤ ε, counting the answers of all that ring and, where the lengths of talks are known, the talks that will have ended by then. It stops at once
 * when talks use the reserve, and never starts fewer than progressive before that.
 */
export function dialsToStart(pacing: Pacing): number {
  const { mode, talking, ringing, abandonment } = pacing;
  const { epsilon = pacingDefaults.epsilon, overdialCap = pacingDefaults.overdialCap, catchReserve = pacingDefaults.catchReserve } = pacing;
  const slots = Math.max(0, Math.floor(pacing.slots));
  const oneEach = Math.max(0, slots - talking - ringing.length);
  if (mode === 'progressive' || nearsLimit(abandonment)) return oneEach;
  const planned = slots - Math.round(slots * catchReserve);
  if (talking > planned) return 0;
  const most = Math.floor(slots * overdialCap) - talking - ringing.length;
  return Math.max(oneEach, dialsWithin(pacing, planned, epsilon, most));
}

function nearsLimit(abandonment: Abandonment | null): boolean {
  if (!abandonment) return false;
  const { answered, abandoned, limit } = abandonment;
  return limit <= 0 || (abandoned > 0 && abandoned >= NEAR_LIMIT * limit * answered);
}
