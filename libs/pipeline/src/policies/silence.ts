import type { Ms } from '../ports.js';
import type { ConversationRules } from '../turn/conversation-rules.js';
import type { TurnState } from '../turn/state.js';

/** Since when both sides are silent; null while one of them is not, or where nobody is waited for. */
export function quietSince(state: TurnState): Ms | null {
  if (state.phase.name !== 'greeting' && state.phase.name !== 'dialog') return null;
  if (state.agent.name !== 'idle') return null;
  if (state.user.name !== 'silent' && state.user.name !== 'committed') return null;
  return Math.max(state.agent.since, state.user.since);
}

/** How long the silence may last: a first question comes soon, the next ones and the goodbye later. A socket without audio is given the longer time. */
export function silenceLimitMs(rules: ConversationRules, prompts: number, mediaOpen: boolean): Ms {
  return mediaOpen && prompts === 0 ? Math.min(rules.silencePromptMs, rules.silenceMs) : rules.silenceMs;
}

/** What to do about a long silence: ask, or give the person up. */
export function onLongSilence(prompts: number, maxSilencePrompts: number): 'prompt' | 'goodbye' {
  return prompts < maxSilencePrompts ? 'prompt' : 'goodbye';
}
