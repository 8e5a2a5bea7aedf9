import { reduce } from '../turn/reduce.js';
import type { TurnState } from '../turn/state.js';
import { CALL_LOG_VERSION, loggedEffect, type CallLogLine } from './call-log.js';

export interface Replay {
  events: number;
  effects: number;
  same: boolean;
  /** The first event whose effects are not those of the log. */
  difference: { line: number; expected: string; actual: string } | null;
}

/** Runs a log through the reducer of today. Throws where it is no log of a call. */
export function replayCall(lines: Iterable<CallLogLine>): Replay {
  const replay: Replay = { events: 0, effects: 0, same: true, difference: null };
  let state: TurnState | null = null;
  let line = 0;
  for (const entry of lines) {
    line += 1;
    if (entry.kind === 'call') {
      if (entry.version !== CALL_LOG_VERSION) throw new Error(`This log has version ${entry.version}, not ${CALL_LOG_VERSION}`);
      state = entry.state;
      continue;
    }
    if (state === null) throw new Error('The log does not say how the call began');
    const result = reduce(state, entry.event);
    state = result.state;
    replay.events += 1;
    replay.effects += result.effects.length;
    compare(replay, line, JSON.stringify(entry.effects), JSON.stringify(result.effects.map(loggedEffect)));
  }
  if (state === null) throw new Error('The log is empty');
  return replay;
}

function compare(replay: Replay, line: number, expected: string, actual: string): void {
  if (expected === actual || !replay.same) return;
  replay.same = false;
  replay.difference = { line, expected, actual };
}
