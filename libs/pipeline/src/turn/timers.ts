import { endpointAt, overlapAt } from '../policies/endpointing.js';
import { onLongSilence, quietSince } from '../policies/silence.js';
import type { Ms } from '../ports.js';
import { runHeldTools } from './answer.js';
import { commitOverlap, endUtterance } from './commit.js';
import { apologise, closeCall, hangUp, say, sayLine } from './lines.js';
import type { ArmedTimer, TimerName, TurnState } from './state.js';
import type { Step } from './step.js';

export const TIMER_NAMES = [
  'endpoint',
  'overlap',
  'tools',
  'silence',
  'soft',
  'hard',
  'max-call',
  'reopen-stt',
] as const satisfies TimerName[];

/** Timers of the call itself outlive its generations. */
const OF_THE_CALL: ReadonlySet<TimerName> = new Set(['max-call', 'reopen-stt']);

/**
 * Every timer follows from the state alone: after each event the due times are worked out anew and compared with what is armed. So no handler
 * can forget to cancel one, and none outlives its generation.
 */
export function upkeep(step: Step): void {
  const endAt = dueAt(step.state, 'endpoint');
  if (endAt !== null && endAt <= step.at) endUtterance(step);
  const answerAt = dueAt(step.state, 'overlap');
  if (answerAt !== null && answerAt <= step.at) commitOverlap(step);
  const toolsAt = dueAt(step.state, 'tools');
  if (toolsAt !== null && toolsAt <= step.at) runHeldTools(step);
  for (const timer of TIMER_NAMES) arm(step, timer);
}

function arm(step: Step, timer: TimerName): void {
  const at = dueAt(step.state, timer);
  const gen = OF_THE_CALL.has(timer) ? 0 : step.state.gen;
  const armed = step.state.timers[timer];
  if (at === null) return armed === undefined ? undefined : disarm(step, timer);
  if (armed?.at === at && armed.gen === gen) return;
  step.set({ timers: { ...step.state.timers, [timer]: { gen, at } satisfies ArmedTimer } });
  step.emit({ type: 'arm-timer', timer, gen, at });
}

function disarm(step: Step, timer: TimerName): void {
  step.set({ timers: withoutTimer(step.state, timer) });
  step.emit({ type: 'cancel-timer', timer });
}

function withoutTimer(state: TurnState, timer: TimerName): TurnState['timers'] {
  const { [timer]: _gone, ...rest } = state.timers;
  return rest;
}

function dueAt(state: TurnState, timer: TimerName): Ms | null {
  const { rules, phase, user, agent, hearing } = state;
  if (phase.name === 'ended') return null;
  switch (timer) {
    case 'endpoint':
      return endpointAt(user, hearing, rules);
    case 'overlap':
      return quietSince(state) === null || agent.name !== 'idle' ? null : overlapAt(hearing, agent.since, rules);
    case 'tools':
      return toolsDueAt(state);
    case 'silence':
      return after(quietSince(state), rules.silenceMs);
    case 'soft':
      return after(fillerWaitSince(state), rules.softTimeoutMs);
    case 'hard':
      return agent.name === 'idle' ? null : after(agent.reply.waitingSince, rules.hardTimeoutMs);
    case 'max-call':
      return phase.name === 'closing' ? null : state.startedAt + rules.maxCallMs;
    case 'reopen-stt':
      return state.stt.reopenAt;
  }
}

const after = (since: Ms | null, waitMs: Ms): Ms | null => (since === null ? null : since + waitMs);

/** At once, unless the final transcript of the turn may still come. */
function toolsDueAt({ agent, turn, rules }: TurnState): Ms | null {
  if (agent.name === 'idle' || agent.reply.model.name !== 'held') return null;
  return turn?.awaitsFinal ? turn.lastVoicedAt + rules.sttFinalMs : -Infinity;
}

/** A filler is for an answer of which nothing is on its way to the ear, once per turn. */
function fillerWaitSince({ agent, turn, phase }: TurnState): Ms | null {
  if (agent.name === 'idle' || agent.reply.kind !== 'answer' || agent.reply.phrases.length > 0) return null;
  return turn === null || turn.fillerSaid || phase.name === 'closing' ? null : agent.reply.waitingSince;
}

/** A timer has fired. One that was replaced or cancelled meanwhile, or is of an older generation, does nothing. */
export function onTimer(step: Step, timer: TimerName, gen: number): void {
  const armed = step.state.timers[timer];
  if (armed === undefined || armed.gen !== gen) return;
  step.set({ timers: withoutTimer(step.state, timer) });
  const due = dueAt(step.state, timer);
  if (due !== null && due <= step.at) fire(step, timer);
}

/** `endpoint`, `overlap` and `tools` need no more than the upkeep that follows. */
function fire(step: Step, timer: TimerName): void {
  const { rules, stt } = step.state;
  if (timer === 'silence') return onSilence(step);
  if (timer === 'soft') return sayFiller(step);
  if (timer === 'hard') return apologise(step);
  if (timer === 'max-call') return closeCall(step, 'max_duration', rules.lines.goodbye);
  if (timer !== 'reopen-stt') return;
  step.set({ stt: { ...stt, reopenAt: null } });
  step.emit({ type: 'open-stt' });
}

function onSilence(step: Step): void {
  const { phase, prompts, rules } = step.state;
  if (phase.name === 'greeting' && !phase.mediaOpen) return hangUp(step, 'no_media');
  if (onLongSilence(prompts, rules.maxSilencePrompts) === 'goodbye') return closeCall(step, 'silence', rules.lines.goodbye);
  step.set({ prompts: prompts + 1 });
  sayLine(step, 'prompt', rules.lines.stillThere);
}

function sayFiller(step: Step): void {
  const { agent, turn, rules } = step.state;
  if (agent.name === 'idle' || turn === null) return;
  step.set({ turn: { ...turn, fillerSaid: true } });
  if (rules.lines.filler !== '') say(step, agent.reply, [rules.lines.filler], 'filler');
}

/** The recogniser's stream broke: opened again after a growing pause, a few times in a row. */
export function onSttFailed(step: Step): void {
  const { stt, rules, phase } = step.state;
  const failures = stt.failures + 1;
  if (failures > rules.maxSttReopens) {
    step.set({ stt: { failures, reopenAt: null } });
    if (phase.name !== 'closing') closeCall(step, 'provider_failure', rules.lines.apology);
    return;
  }
  step.set({ stt: { failures, reopenAt: step.at + rules.sttReopenMs * 2 ** (failures - 1) } });
}
