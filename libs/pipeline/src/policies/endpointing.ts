import type { Ms } from '../ports.js';
import { joinText } from '../text/join-text.js';
import type { TurnRules } from '../turn/rules.js';
import type { Hearing, UserState } from '../turn/state.js';

/** How long after the last voiced sample a turn is taken to be over: less where the transcript ends like a sentence. */
export function endpointWaitMs(text: string, rules: TurnRules): Ms {
  return /[.!?。！？؟।]["'”’)]?$/u.test(text) ? Math.min(rules.sentenceWaitMs, rules.endpointWaitMs) : rules.endpointWaitMs;
}

export const textOf = (hearing: Hearing): string => joinText(hearing.finals, hearing.interim);

/** When the policy's wait is over. */
export function waitEndsAt(user: Extract<UserState, { name: 'trailing' }>, hearing: Hearing, rules: TurnRules): Ms {
  return user.lastVoicedAt + endpointWaitMs(textOf(hearing), rules);
}

/**
 * When the utterance counts as over: the wait has elapsed and its transcript is there (a final one, or an interim one that is stable), or the
 * recogniser has had the time it usually needs. Null while voice may be coming back.
 */
export function endpointAt(user: UserState, hearing: Hearing, rules: TurnRules): Ms | null {
  if (user.name !== 'trailing' || user.resumedMs > 0) return null;
  const waitEnd = waitEndsAt(user, hearing, rules);
  const deadline = Math.max(waitEnd, user.lastVoicedAt + rules.sttFinalMs);
  return Math.min(Math.max(waitEnd, transcriptReadyAt(hearing, user.lastVoicedAt, rules)), deadline);
}

/** A final transcript from before the last voiced sample does not cover it: more text is to come. */
function transcriptReadyAt(hearing: Hearing, lastVoicedAt: Ms, rules: TurnRules): Ms {
  if (hearing.interim !== '') return hearing.interimSince + rules.stableMs;
  return hearing.finals !== '' && hearing.finalAt >= lastVoicedAt ? hearing.finalAt : Infinity;
}

/**
 * When text that no turn has taken is answered although the person is silent: at once where it came into the silence; after a while where it
 * was said over the agent, since the real answer may follow. An interim one waits for its final as long as that usually takes.
 */
export function overlapAt(hearing: Hearing, agentIdleSince: Ms, rules: TurnRules): Ms | null {
  if (hearing.interim !== '') return Math.max(hearing.interimSince + rules.sttFinalMs, agentIdleSince + rules.overlapWaitMs);
  if (hearing.finals === '') return null;
  return hearing.finalAt >= agentIdleSince ? hearing.finalAt : agentIdleSince + rules.overlapWaitMs;
}
