import type { Ms } from '../ports.js';
import { joinText } from '../text/join-text.js';
import type { ConversationRules } from '../turn/conversation-rules.js';
import type { Hearing, TurnState } from '../turn/state.js';
import { endProbability, UNSURE, waitFor } from './end-of-turn.js';
import { unsureWaitMs } from './pauses.js';
import { questionTypeOf } from './question-type.js';

export type EndpointView = Pick<TurnState, 'user' | 'hearing' | 'rules' | 'history' | 'pauses' | 'semantic'>;

export const textOf = (hearing: Hearing): string => joinText(hearing.finals, hearing.interim);

/** What the agent said last, as far as it was heard. */
export function lastAgentLine({ history }: Pick<TurnState, 'history'>): string {
  return history.findLast(({ role, content }) => role === 'assistant' && content !== '')?.content ?? '';
}

export function endProbabilityOf({ hearing, rules, history, semantic }: EndpointView): number {
  const text = textOf(hearing);
  const { language } = rules;
  const question = questionTypeOf(lastAgentLine({ history }), language);
  return endProbability({ text, language, question, semantic: semantic?.text === text ? semantic.probability : null });
}

/** When the policy's wait is over, counted from the last voiced sample. */
export function waitEndsAt(view: EndpointView, lastVoicedAt: Ms): Ms {
  const { rules, pauses } = view;
  return lastVoicedAt + waitFor(endProbabilityOf(view), rules, unsureWaitMs(rules.unsureWaitMs, pauses, rules.adaptiveWait));
}

/**
 * When the utterance counts as over: the wait has elapsed and its transcript is there (a final one, or an interim one that is stable or has
 * had its time), or the recogniser has had the time it usually needs. Null while voice may be coming back.
 */
export function endpointAt(view: EndpointView): Ms | null {
  const { user, hearing, rules } = view;
  if (user.name !== 'trailing' || user.resumedMs > 0) return null;
  const waitEnd = waitEndsAt(view, user.lastVoicedAt);
  const deadline = Math.max(waitEnd, user.lastVoicedAt + rules.sttFinalMs);
  return Math.min(Math.max(waitEnd, transcriptReadyAt(hearing, user.lastVoicedAt, waitEnd, rules)), deadline);
}

/** A final transcript from before the last voiced sample does not cover it: more text is to come. */
function transcriptReadyAt(hearing: Hearing, lastVoicedAt: Ms, waitEnd: Ms, rules: ConversationRules): Ms {
  if (hearing.interim !== '') return Math.min(hearing.interimSince + rules.stableMs, waitEnd + rules.sttCompleteMs);
  return hearing.finals !== '' && hearing.finalAt >= lastVoicedAt ? hearing.finalAt : Infinity;
}

/**
 * When the model may be asked although the turn is not over: the person is silent, the transcript covers what was said, and nothing tells
 * that more must follow.
 */
export function draftableAt(view: EndpointView): Ms | null {
  const { user, hearing, rules } = view;
  if (user.name !== 'trailing' || user.resumedMs > 0 || textOf(hearing) === '' || endProbabilityOf(view) < UNSURE) return null;
  if (hearing.interim === '') return hearing.finalAt >= user.lastVoicedAt ? Math.max(user.noticedAt, hearing.finalAt) : null;
  const stableMs = hearing.interimSince > user.lastVoicedAt ? rules.draftStableMs : rules.stableMs;
  return Math.max(user.noticedAt, hearing.interimSince + stableMs);
}

/**
 * When text that no turn has taken is answered although the person is silent: at once where it came into the silence; after a while where it
 * was said over the agent, since the real answer may follow. An interim one waits for its final as long as that usually takes.
 */
export function overlapAt(hearing: Hearing, agentIdleSince: Ms, rules: ConversationRules): Ms | null {
  if (hearing.interim !== '') return Math.max(hearing.interimSince + rules.sttFinalMs, agentIdleSince + rules.overlapWaitMs);
  if (hearing.finals === '') return null;
  return hearing.finalAt >= agentIdleSince ? hearing.finalAt : agentIdleSince + rules.overlapWaitMs;
}
