import type { Disposition } from '@carillon/contracts';

/**
 * What is known of a call: its disposition once it has ended, before that `answered` or `unknown` (nobody saw the carrier's answer). `refused`: the carrier
 * refused the request as such, a 4xx. A 429 is none of these: it says itself how long to wait.
 */
export type CallSign = Disposition | 'answered' | 'unknown' | 'refused';

/** One per call, its latest. */
export interface CallSignal {
  dialedAt: Date;
  /** When this became known. */
  at: Date;
  sign: CallSign;
}

/** `holds` counts holds in a row. Plain data, to be kept by whoever asks; a breaker that was never judged is CLOSED. */
export type BreakerState =
  | { phase: 'closed'; holds: number; since: Date | null }
  | { phase: 'held'; holds: number; heldUntil: Date; cause: CallSign; reason: string }
  | { phase: 'probing'; holds: number; since: Date; cause: CallSign; reason: string };

export const CLOSED: BreakerState = { phase: 'closed', holds: 0, since: null };

/** Faults of the way to the phone. That nobody picks up, or a number does not exist, is the list's affair. */
const FAILURES: readonly CallSign[] = [
  'network_failure',
  'rejected',
  'blocked',
  'configuration_error',
  'no_evidence',
  'unknown',
  'refused',
];

const SPAN_MS = 120_000;
const FEWEST_CALLS = 20;
const FAILED_SHARE = 0.5;
const FIRST_HOLD_MS = 60_000;
const LONGEST_HOLD_MS = 15 * 60_000;
/** Calls that are let through to see whether the way is open again: most of them must get through. */
export const PROBE_CALLS = 5;
const PROBES_THAT_DECIDE = Math.ceil(PROBE_CALLS / 2);
/** Probes of which nothing is heard for so long are given up and others let through: a breaker never stays shut for want of an answer. */
const PROBE_PATIENCE_MS = 5 * 60_000;
/** A breaker that trips again so soon after it closed has not recovered: its holds go on doubling. */
const RECOVERED_AFTER_MS = 15 * 60_000;

/**
 * The breaker's next state, by what its last calls came to. It is held when at least half of 20 or more calls of the last two minutes failed: for a minute at first, each time in a row
 * twice as long, up to 15 minutes. After a hold a few calls probe; calls that were dialed before count no more. `signals` may reach back further than needed, in any order.
 */
export function judgeBreaker(signals: readonly CallSignal[], now: Date, state: BreakerState = CLOSED): BreakerState {
  switch (state.phase) {
    case 'closed':
      return judgeClosed(signals, now, state);
    case 'held':
      if (now < state.heldUntil) return state;
      return { phase: 'probing', holds: state.holds, since: now, cause: state.cause, reason: state.reason };
    case 'probing':
      return judgeProbing(signals, now, state);
  }
}

/** How many calls may be started now, when `startedSince` have been since the probing began (its `since`). */
export function breakerAllowance(state: BreakerState, startedSince: number): number {
  if (state.phase === 'closed') return Infinity;
  return state.phase === 'held' ? 0 : Math.max(0, PROBE_CALLS - startedSince);
}

function judgeClosed(signals: readonly CallSignal[], now: Date, state: BreakerState & { phase: 'closed' }): BreakerState {
  const from = now.getTime() - SPAN_MS;
  const recent = signals.filter(({ at, dialedAt }) => at.getTime() >= from && (state.since === null || dialedAt >= state.since));
  const failed = failuresOf(recent);
  const settled = hasRecovered(state, now) ? CLOSED : state;
  if (recent.length < FEWEST_CALLS || failed.length < FAILED_SHARE * recent.length) return settled;
  return hold(failed, recent.length, now, settled.holds);
}

function judgeProbing(signals: readonly CallSignal[], now: Date, state: BreakerState & { phase: 'probing' }): BreakerState {
  const probes = signals.filter(({ dialedAt }) => dialedAt >= state.since);
  const failed = failuresOf(probes);
  if (failed.length >= PROBES_THAT_DECIDE) return hold(failed, probes.length, now, state.holds);
  if (probes.length - failed.length >= PROBES_THAT_DECIDE) return { phase: 'closed', holds: state.holds, since: state.since };
  return now.getTime() - state.since.getTime() >= PROBE_PATIENCE_MS ? { ...state, since: now } : state;
}

function hold(failed: readonly CallSignal[], calls: number, now: Date, holds: number): BreakerState {
  const holdMs = Math.min(FIRST_HOLD_MS * 2 ** holds, LONGEST_HOLD_MS);
  const cause = commonest(failed.map(({ sign }) => sign));
  const reason = `${failed.length} of the last ${calls} calls failed, most of them with ${cause}`;
  return { phase: 'held', holds: holds + 1, heldUntil: new Date(now.getTime() + holdMs), cause, reason };
}

const failuresOf = (signals: readonly CallSignal[]) => signals.filter(({ sign }) => FAILURES.includes(sign));

const hasRecovered = ({ since }: BreakerState & { phase: 'closed' }, now: Date) =>
  since === null || now.getTime() - since.getTime() >= RECOVERED_AFTER_MS;

function commonest(signs: readonly CallSign[]): CallSign {
  const times = new Map<CallSign, number>();
  for (const sign of signs) times.set(sign, (times.get(sign) ?? 0) + 1);
  return [...times].reduce((most, each) => (each[1] > most[1] ? each : most), ['unknown', 0])[0];
}
