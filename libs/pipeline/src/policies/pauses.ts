import type { Ms } from '../ports.js';

/** The pauses that this person makes within a turn, learned as the call goes. */
export interface PauseStats {
  count: number;
  meanMs: Ms;
}

export const NO_PAUSES: PauseStats = { count: 0, meanMs: 0 };

/** Weight of the newest pause, and how many it takes before they are believed. */
const NEWEST = 0.3;
const ENOUGH = 2;
/** A wait must be longer than the usual pause by so much, and stays within these shares of the stated one. */
const MARGIN = 1.4;
const LEAST = 0.7;
const MOST = 1.8;

/** A gap in the voice that turned out to be no end of a turn. */
export function learnPause({ count, meanMs }: PauseStats, pauseMs: Ms): PauseStats {
  return { count: count + 1, meanMs: count === 0 ? pauseMs : Math.round(meanMs + (pauseMs - meanMs) * NEWEST) };
}

/** The wait where nobody can tell whether a turn is over. */
export function unsureWaitMs(statedMs: Ms, pauses: PauseStats, adaptive: boolean): Ms {
  if (!adaptive || pauses.count < ENOUGH) return statedMs;
  return Math.round(Math.min(statedMs * MOST, Math.max(statedMs * LEAST, pauses.meanMs * MARGIN)));
}
