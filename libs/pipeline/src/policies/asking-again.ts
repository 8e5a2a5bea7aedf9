import type { Ms } from '../ports.js';
import type { ConversationRules } from '../turn/conversation-rules.js';

/** What is left for the answer itself once the model was asked again: less is not worth the wait. */
const LEAST_FOR_ANSWER_MS: Ms = 1_000;

/**
 * When a model that has failed is asked again: after growing pauses, or when it wants to be, a few times, and only as long as an answer may still come
 * in time. Null: not any more. `waitingSince` is null while something of ours is heard.
 */
export function askAgainAt(
  failure: { at: Ms; tries: number; waitingSince: Ms | null; retryAfterMs?: Ms | undefined },
  rules: Pick<ConversationRules, 'maxModelTries' | 'modelRetryMs' | 'hardTimeoutMs'>,
): Ms | null {
  const { at, tries, waitingSince, retryAfterMs = 0 } = failure;
  if (tries >= rules.maxModelTries) return null;
  const askAt = at + Math.max(retryAfterMs, rules.modelRetryMs * 2 ** (tries - 1));
  return askAt <= (waitingSince ?? at) + rules.hardTimeoutMs - LEAST_FOR_ANSWER_MS ? askAt : null;
}
