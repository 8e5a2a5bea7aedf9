import type { Disposition } from '@carillon/contracts';

/** What the carrier's result says, before we know what was said: `null` when the call simply was answered and ended. */
export interface CallOutcome {
  disposition: Disposition | null;
  endedBy: 'callee' | 'us' | 'carrier';
}

export interface EndedCall {
  /** Null when the carrier never told how it ended. */
  outcome: CallOutcome | null;
  /** Who had ended it by our own books: it outweighs the carrier's word, which cannot tell our reasons apart. */
  endedBy: string | null;
  answeredAt: Date | null;
  /** Agent lines that were heard in silence and then answered. */
  exchanges: number;
  /** The agent brought the conversation to its end. */
  agentClosed: boolean;
}

/**
 * The final outcome of a call.
 *
 * Not answered, as far as we were told: an ordinary end by the callee says that it was; our ring timeout is a `no_answer`, whatever code the carrier gives to our own hang-up; then the carrier's disposition; an end without
 * one is `cancelled` when it came from us, `network_failure` otherwise.
 *
 * Answered: a transfer is a transfer. Where nobody spoke with us it is `no_conversation`, whoever hung up: a voicemail ends its recording just as a
 * person hangs up. Then `completed` if the agent had closed the conversation, even if the callee was quicker to hang up. Otherwise it was cut short:
 * by the callee; by a fault; or by the longest time that a call may last, ours or the carrier's, which is `completed` too: there was no more to be had.
 */
export function disposeCall(call: EndedCall): Disposition {
  return call.answeredAt === null ? disposeUnanswered(call) : disposeAnswered(call);
}

function disposeUnanswered({ outcome, endedBy }: EndedCall): Disposition {
  // Only somebody who has picked up can hang up: the carrier's word of the answer was lost.
  if (outcome?.disposition === null && outcome.endedBy === 'callee') return 'no_conversation';
  if (endedBy === 'ring_timeout') return 'no_answer';
  if (outcome?.disposition) return outcome.disposition;
  return outcome?.endedBy === 'us' ? 'cancelled' : 'network_failure';
}

function disposeAnswered({ outcome, endedBy, exchanges, agentClosed }: EndedCall): Disposition {
  if (outcome?.disposition === 'transferred') return 'transferred';
  if (exchanges === 0) return 'no_conversation';
  if (agentClosed || endedBy === 'time_limit') return 'completed';
  if (outcome?.endedBy === 'callee') return 'callee_hung_up';
  return outcome === null || outcome.disposition ? 'network_failure' : 'completed';
}
