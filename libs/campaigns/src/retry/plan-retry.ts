import { NEVER_RETRIED, type Disposition } from '@carillon/contracts';
import { placeRetry } from './place-retry.js';
import type { RetryQuestion } from './retry-question.js';
import { retryRuleFor } from './retry-rules.js';

/** Why a contact is called again, or never, in plain words. */
export const RETRY_REASONS = {
  promised: 'the person asked to be called again at this time',
  rule: 'the last call did not reach the person and may be tried again',
  opted_out: 'the person wants no more calls',
  conversation: 'the person has spoken with us',
  not_retried: 'after this outcome nobody is called again',
  rule_exhausted: 'this outcome has come as often as it may be tried again',
  max_attempts: 'the contact has had all the calls that the campaign allows',
  no_window: 'there is no time left at which the contact may be called',
  campaign_ends: 'the campaign ends before the contact could be called again',
} as const;
export type RetryReason = keyof typeof RETRY_REASONS;

export type RetryPlan =
  | { kind: 'final'; reason: Exclude<RetryReason, 'promised' | 'rule'> }
  | { kind: 'retry'; nextAt: Date; reason: 'rule' }
  | { kind: 'callback'; nextAt: Date; reason: 'promised' };

const TALKED: readonly Disposition[] = ['completed', 'callee_hung_up', 'transferred'];
const final = (reason: Exclude<RetryReason, 'promised' | 'rule'>): RetryPlan => ({ kind: 'final', reason });

/**
 * What becomes of a contact after a call: called again, called back as they asked, or left alone for good. An opt-out outweighs all. A promised callback outweighs the
 * rules and `max_attempts`, the latter for one callback only: a contact never gets more than `max_attempts` + 1 calls, however often they ask.
 * It decides when to ask the gate again, not that the call may be made: that is the gate's word when the time has come.
 */
export function planRetry(question: RetryQuestion): RetryPlan {
  const { attempts, settings, optedOut, callbackAt } = question;
  const last = attempts.at(-1);
  if (optedOut) return final('opted_out');

  const allUsed = attempts.length >= settings.max_attempts;
  if (callbackAt && (!allUsed || attempts.every((attempt) => !attempt.callback))) return planCallback(question, callbackAt);
  if (last === undefined || NEVER_RETRIED.some((never) => never === last.disposition)) return final('not_retried');
  if (settings.stop_after_conversation && TALKED.includes(last.disposition)) return final('conversation');
  if (allUsed) return final('max_attempts');
  return planByRule(question, last.disposition);
}

function planCallback({ now, endsAt, nextAllowed }: RetryQuestion, callbackAt: Date): RetryPlan {
  const nextAt = nextAllowed(callbackAt > now ? callbackAt : now);
  if (nextAt === null) return final('no_window');
  return endsAt && nextAt >= endsAt ? final('campaign_ends') : { kind: 'callback', nextAt, reason: 'promised' };
}

function planByRule(question: RetryQuestion, disposition: Disposition): RetryPlan {
  const rule = retryRuleFor(disposition, question.settings);
  if (rule === null) return final('not_retried');

  const times = question.attempts.filter((attempt) => attempt.disposition === disposition).length;
  if (times > rule.attempts) return final('rule_exhausted');

  const delayMinutes = rule.delays_minutes[times - 1] ?? rule.delays_minutes.at(-1) ?? 0;
  const nextAt = placeRetry({ ...question, disposition, delayMs: delayMinutes * 60_000 });
  if (nextAt === null) return final('no_window');
  return question.endsAt && nextAt >= question.endsAt ? final('campaign_ends') : { kind: 'retry', nextAt, reason: 'rule' };
}
