import type { Disposition } from '@carillon/contracts';

/** What became of a number's calls, of those that say something about the number. */
export interface NumberTally {
  calls: number;
  answered: number;
  /** Forbidden by the far end or blocked by the network. */
  refused: number;
}

export interface NumberRest {
  restMs: number;
  reason: 'answer_rate' | 'refused';
  message: string;
}

const ANSWERED: readonly Disposition[] = ['completed', 'callee_hung_up', 'no_conversation', 'voicemail', 'message_left', 'transferred'];
const REFUSED: readonly Disposition[] = ['rejected', 'blocked'];
/** A number that does not exist, our own faults and the network's: no one saw which number was calling. */
const SAYS_NOTHING: readonly Disposition[] = ['invalid_number', 'network_failure', 'configuration_error', 'cancelled', 'no_evidence'];

export function tallyCalls(dispositions: readonly Disposition[]): NumberTally {
  const telling = dispositions.filter((each) => !SAYS_NOTHING.includes(each));
  return {
    calls: telling.length,
    answered: telling.filter((each) => ANSWERED.includes(each)).length,
    refused: telling.filter((each) => REFUSED.includes(each)).length,
  };
}

/** Fewer calls prove nothing: at a 30 % answer rate, 50 calls have a standard deviation of 6.5 points. */
const FEWEST_CALLS = 50;
/** One-sided p ≈ 0.1 %: the question is asked of each number many times a day, and a healthy one should not rest by chance. */
const SIGNIFICANT_Z = -3;
/** With thousands of calls a small difference is significant too, but no reason to rest. */
const NOTABLE_RATIO = 0.8;
const HIGH_REFUSED_SHARE = 0.2;

const FIRST_REST_MS = 4 * 3_600_000;
const LONGEST_REST_MS = 72 * 3_600_000;

/**
 * Whether a number should rest: it is answered significantly less often than the others (a two-proportion z-test), or it is refused in a fifth of its calls and twice as
 * often as the others. Where all are treated alike it is the list or the carrier, which is the breaker's business.
 * `own` and `others` are calls of the same span, the others without the number's own. `restsBefore`: how often it rested lately; each time doubles the rest.
 */
export function numberHealth(own: NumberTally, others: NumberTally, restsBefore: number): 'good' | NumberRest {
  if (own.calls < FEWEST_CALLS) return 'good';
  const restMs = Math.min(FIRST_REST_MS * 2 ** Math.max(0, restsBefore), LONGEST_REST_MS);
  const comparable = others.calls >= FEWEST_CALLS;

  const refusedShare = own.refused / own.calls;
  if (refusedShare >= HIGH_REFUSED_SHARE && !(comparable && refusedShare < (2 * others.refused) / others.calls)) {
    return { restMs, reason: 'refused', message: `${own.refused} of its last ${own.calls} calls were rejected or blocked` };
  }
  if (!comparable || !isAnsweredLess(own, others)) return 'good';
  const message = `answered in ${percent(own)} of its calls, the other numbers in ${percent(others)}`;
  return { restMs, reason: 'answer_rate', message };
}

function isAnsweredLess(own: NumberTally, others: NumberTally): boolean {
  const rate = own.answered / own.calls;
  const otherRate = others.answered / others.calls;
  const common = (own.answered + others.answered) / (own.calls + others.calls);
  const deviation = Math.sqrt(common * (1 - common) * (1 / own.calls + 1 / others.calls));
  return deviation > 0 && rate < NOTABLE_RATIO * otherRate && (rate - otherRate) / deviation <= SIGNIFICANT_Z;
}

const percent = ({ answered, calls }: NumberTally) => `${Math.round((100 * answered) / calls)} %`;
