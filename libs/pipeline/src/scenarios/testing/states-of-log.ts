import type { CallLogLine } from '../../index.js';
import { reduce } from '../../turn/reduce.js';
import { isFree } from '../../turn/reply.js';
import type { AgentState, TurnState } from '../../turn/state.js';

/** What turn taking held after each event. */
export function* statesOf(log: readonly CallLogLine[]): Iterable<{ at: number; state: TurnState }> {
  let state: TurnState | null = null;
  for (const line of log) {
    if (line.kind === 'call') state = line.state;
    else if (state !== null) {
      state = reduce(state, line.event).state;
      yield { at: line.event.at, state };
    }
  }
}

/** How long the same thing has been owed without a break; null: nothing is. */
export class Wait {
  private owed: { what: string | number; since: number } | null = null;

  ms(at: number, what: string | number | null): number {
    if (what === null) this.owed = null;
    else if (this.owed?.what !== what) this.owed = { what, since: at };
    return at - (this.owed?.since ?? at);
  }
}

/** Nobody speaks, no key is waited for, and the call goes on. */
export function isOpen({ phase, user, agent }: TurnState): boolean {
  if (phase.name === 'ended' || phase.name === 'closing' || (phase.name === 'collecting' && isFree(agent))) return false;
  return user.name === 'silent' || user.name === 'committed';
}

export interface Span {
  from: number;
  to: number;
}

/** When the agent speaks: sound of it is on its way, and nothing holds it back. */
export function spokenSpans(log: readonly CallLogLine[]): Span[] {
  const spans: Span[] = [];
  let speaks = false;
  for (const { at, state } of statesOf(log)) {
    const last = spans.at(-1);
    if (speaks && last !== undefined) last.to = at;
    if (!speaks && isSounding(state)) spans.push({ from: at, to: at });
    speaks = isSounding(state);
  }
  return spans;
}

const isSounding = ({ agent }: TurnState): boolean =>
  'reply' in agent && agent.reply.hold === null && agent.reply.phrases.some(({ status }) => status === 'playing');

/** A span in which the agent speaks or owes something, and nobody else makes a sound. */
export interface Floor extends Span {
  /** It began with a turn, whose answer was not begun anew before it was time for a filler. */
  isAnswer: boolean;
}

/** The first filler, its sound, and some more. */
const LATEST_FILLER_MS = 1_500;

export function floorsOf(log: readonly CallLogLine[]): Floor[] {
  const floors: Floor[] = [];
  let gen: number | null = null;
  for (const { at, state } of statesOf(log)) {
    const owed = genOwed(state);
    const floor = floors.at(-1);
    if (gen !== null && floor !== undefined) floor.to = at;
    if (owed !== null && gen === null) floors.push({ from: at, to: at, isAnswer: beginsWithTurn(state, at) });
    else if (owed !== gen && floor !== undefined && at <= floor.from + LATEST_FILLER_MS) floor.isAnswer = false;
    gen = owed;
  }
  return floors;
}

const genOwed = ({ phase, user, agent }: TurnState): number | null =>
  phase.name === 'ended' || agent.name === 'idle' || isFree(agent) || 'onsetAt' in user ? null : agent.reply.gen;

const beginsWithTurn = ({ turn, phase }: TurnState, at: number): boolean =>
  turn?.committedAt === at && !turn.owed && phase.name === 'dialog';

/** Words that have something to do with what was said: neither a filler nor "are you there?" is an answer. */
export function isHeard(agent: AgentState): boolean {
  if (agent.name === 'idle' || agent.name === 'drafting' || agent.reply.kind === 'prompt') return false;
  return agent.reply.phrases.some(({ source, status }) => source !== 'filler' && (status === 'playing' || status === 'played'));
}
