import type { Disposition } from '@carillon/contracts';

/** What the carrier's result says, before we know what was said: `null` when the call simply was answered and ended. */
export interface CallOutcome {
  disposition: Disposition | null;
  endedBy: 'callee' | 'us' | 'carrier';
}

export interface EndedCall {
  /** Null when the carrier never told how it ended. */
  outcome: CallOutcome | null;
  /** Who had ended it by our own books: it outweighs the carrier's word, which cannot tell our reasons apart. `transferred`: somebody else has the person. */
  endedBy: string | null;
  answeredAt: Date | null;
  endedAt: Date | null;
  /** How many media workers took the call; 0: nobody was there to speak with the person. */
  mediaEpoch: number;
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
 * Answered: `abandoned` when no media worker had room for the person, or was left to take the call. A transfer is a transfer, also where only the carrier's acceptance of it came, and not how our leg ended. Where nobody spoke with us it is `no_conversation`, whoever hung up: a machine that
 * was not recognised (a recognised one is `voicemail` or `message_left` by the word of the conversation) ends its recording just as a person hangs up. Then `completed` if the agent had closed the conversation, even if the callee was quicker to hang up. Otherwise it was cut short:
 * by the callee; by a fault, such as a line that was lost and did not come back; or by the longest time that a call may last, ours or the carrier's, which is `completed` too: there was no more to be had.
 */
export function disposeCall(call: EndedCall): Disposition {
  return call.answeredAt === null ? disposeUnanswered(call) : disposeAnswered(call);
}

function disposeUnanswered({ outcome, endedBy }: EndedCall): Disposition {
  // Only somebody who has picked up can be put through, or hang up: the carrier's word of the answer was lost.
  if (endedBy === 'transferred') return 'transferred';
  if (outcome?.disposition === null && outcome.endedBy === 'callee') return 'no_conversation';
  if (endedBy === 'ring_timeout') return 'no_answer';
  if (outcome?.disposition) return outcome.disposition;
  return outcome?.endedBy === 'us' ? 'cancelled' : 'network_failure';
}

function disposeAnswered(call: EndedCall): Disposition {
  const { outcome, endedBy, exchanges, agentClosed } = call;
  if (isAbandoned(call)) return 'abandoned';
  if (outcome?.disposition === 'transferred' || endedBy === 'transferred') return 'transferred';
  if (exchanges === 0) return 'no_conversation';
  if (agentClosed || endedBy === 'time_limit') return 'completed';
  // before our own reason: who hung up was not cut off, however late the carrier tells us
  if (outcome?.endedBy === 'callee') return 'callee_hung_up';
  if (endedBy === 'line_lost') return 'network_failure';
  return outcome === null || outcome.disposition ? 'network_failure' : 'completed';
}

/** Whoever has answered must be spoken with within two seconds: 47 CFR 64.1200(a)(7), 16 CFR 310.4(b)(4). Who hangs up sooner was not kept waiting. */
const ABANDONED_AFTER_MS = 2_000;

function isAbandoned({ mediaEpoch, answeredAt, endedAt }: EndedCall): boolean {
  return mediaEpoch === 0 && answeredAt !== null && endedAt !== null && endedAt.getTime() - answeredAt.getTime() >= ABANDONED_AFTER_MS;
}
