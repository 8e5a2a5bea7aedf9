import type { Effect } from '../turn/effects.js';
import type { TurnEvent } from '../turn/events.js';
import type { TurnState } from '../turn/state.js';

/** Raised when lines of an older log can no longer be replayed. */
export const CALL_LOG_VERSION = 1;

/** An effect as a log keeps it: of a request to the model only how long the conversation was, or each line would repeat all before it. */
export type LoggedEffect =
  Exclude<Effect, { type: 'start-llm' }> | (Omit<Extract<Effect, { type: 'start-llm' }>, 'messages'> & { messages: number });

/** One line: how the call began, or one event and what it led to. */
export type CallLogLine =
  { kind: 'call'; version: number; redacted: boolean; state: TurnState } | { kind: 'event'; event: TurnEvent; effects: LoggedEffect[] };

/** Takes the lines of one call in order. It must not block. */
export interface CallLog {
  append(line: CallLogLine): void;
  /** The call is over. */
  close?(): void;
}

export function loggedEffect(effect: Effect): LoggedEffect {
  return effect.type === 'start-llm' ? { ...effect, messages: effect.messages.length } : effect;
}
