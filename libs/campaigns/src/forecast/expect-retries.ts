import { NEVER_RETRIED, type Disposition, type RetrySettings } from '@carillon/contracts';
import { retryRuleFor } from '../retry/retry-rules.js';
import type { ForecastInput } from './forecast-types.js';

const TALKED: readonly Disposition[] = ['completed', 'callee_hung_up', 'transferred'];

/**
 * What a campaign's retry settings mean for its forecast, given how its calls end (any weights, such as counts of the last days): the share that another call follows, and the
 * average of their first delays. That a rule may be used up before `max_attempts` is left out, so it expects rather too many calls than too few.
 */
export function expectRetries(settings: RetrySettings, outcomes: Readonly<Partial<Record<Disposition, number>>>): ForecastInput['retry'] {
  const weights = Object.entries(outcomes) as [Disposition, number][];
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const again = weights.flatMap(([disposition, weight]) => {
    const done = NEVER_RETRIED.some((never) => never === disposition) || (settings.stop_after_conversation && TALKED.includes(disposition));
    const rule = done ? null : retryRuleFor(disposition, settings);
    return rule ? [{ weight, delayMs: (rule.delays_minutes[0] ?? 0) * 60_000 }] : [];
  });
  const againWeight = again.reduce((sum, { weight }) => sum + weight, 0);
  if (againWeight === 0) return { maxAttempts: settings.max_attempts, againShare: 0, delayMs: 0 };
  const delayMs = again.reduce((sum, each) => sum + each.weight * each.delayMs, 0) / againWeight;
  return { maxAttempts: settings.max_attempts, againShare: againWeight / total, delayMs };
}
