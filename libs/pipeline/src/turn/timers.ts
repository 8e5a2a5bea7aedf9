import { heardAtOf } from '../policies/backchannel.js';
import { endpointAt, lastAgentLine, overlapAt, textOf } from '../policies/endpointing.js';
import { fillerAt, fillerLine } from '../policies/filler.js';
import { unheardFillerAt } from '../policies/recognition.js';
import { onLongSilence, quietSince, silenceLimitMs } from '../policies/silence.js';
import type { Ms } from '../ports.js';
import { askAgain, runHeldTools } from './answer.js';
import { dropOffer, offerEndsAt, spokenAnswer, takeOffer } from './callback-offer.js';
import { commitKeys, commitOverlap, endUnbroken, endUtterance, startAnswer } from './commit.js';
import { draftDueAt, dropStaleDraft, startDraft } from './draft.js';
import { keepEarlyWords } from './early-words.js';
import { transferEndsAt } from './hand-over.js';
import { apologise, closeCall, giveUp, handOver, hangUp, onTransferFailed, sayLine } from './lines.js';
import { settleOverlap } from './overlap.js';
import { reopenStt, sayUnheardFiller } from './recogniser.js';
import { isFree } from './reply.js';
import { say } from './say.js';
import type { ArmedTimer, TimerName, TurnState } from './state.js';
import type { Step } from './step.js';

export const TIMER_NAMES = [
  'endpoint',
  'draft',
  'utterance',
  'overlap',
  'verify',
  'tools',
  'digits',
  'transfer',
  'silence',
  'ask-again',
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
  settleOverlap(step);
  const isDue = (timer: TimerName): boolean => (dueAt(step.state, timer) ?? Infinity) <= step.at;
  const isOver = isDue('endpoint');
  if (isOver) endUtterance(step);
  answerOffer(step, isOver);
  keepEarlyWords(step);
  if (isDue('overlap')) commitOverlap(step);
  if (isDue('tools')) runHeldTools(step);
  dropStaleDraft(step);
  if (isDue('draft')) startDraft(step);
  askEndpointer(step);
  for (const timer of TIMER_NAMES) arm(step, timer);
}

/** A semantic model is asked about each new transcript of a person who has fallen silent. Until it answers, the rules decide. */
function askEndpointer(step: Step): void {
  const { rules, user, hearing, semantic } = step.state;
  const text = textOf(hearing);
  if (!rules.semanticEndpointing || user.name !== 'trailing' || text === '' || semantic?.text === text) return;
  step.set({ semantic: { text, probability: null } });
  step.emit({ type: 'ask-endpointer', text, agentLine: lastAgentLine(step.state) });
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
  const { rules, phase, user, agent } = state;
  if (phase.name === 'ended') return null;
  switch (timer) {
    case 'endpoint':
      return endpointAt(state);
    case 'draft':
      return draftDueAt(state);
    case 'utterance':
      return user.name === 'speaking' ? user.onsetAt + rules.maxUtteranceMs : null;
    case 'overlap':
      return overlapDueAt(state);
    case 'verify':
      return agent.name === 'paused' && agent.reply.hold !== null ? agent.reply.hold.at + rules.verifyMs : null;
    case 'tools':
      return toolsDueAt(state);
    case 'digits':
      return keysEndAt(state) ?? offerEndsAt({ state });
    case 'transfer':
      return transferEndsAt(state);
    case 'silence':
      return after(quietSince(state), silenceLimitMs(rules, state.prompts, phase.name !== 'greeting' || phase.mediaOpen));
    case 'ask-again':
      return agent.name !== 'idle' && agent.reply.model.name === 'failed' ? agent.reply.model.askAt : null;
    case 'soft':
      return fillerAt(state) ?? unheardFillerAt(state);
    case 'hard':
      return agent.name === 'idle' ? null : after(agent.reply.waitingSince, rules.hardTimeoutMs);
    case 'max-call':
      return phase.name === 'closing' ? null : state.startedAt + rules.maxCallMs;
    case 'reopen-stt':
      return state.stt.reopenAt;
  }
}

/** At once where the last key came over a line that keys must not cut, and nobody speaks since: what is said then is a turn with them. */
function keysEndAt({ phase, agent, user, rules }: TurnState): Ms | null {
  if (phase.name !== 'collecting' || !isFree(agent)) return null;
  const isOver = phase.ended && (user.name === 'silent' || user.name === 'committed');
  return isOver ? phase.lastAt : phase.lastAt + rules.digitWaitMs;
}

/** Words without a turn, and those that were only kept so far, wait for what may still follow them. */
function overlapDueAt(state: TurnState): Ms | null {
  const { agent, hearing, rules, turn } = state;
  if (quietSince(state) === null || agent.name !== 'idle') return null;
  return overlapAt(hearing, heardOverUntil(state, agent.since), rules) ?? (turn?.owed ? agent.since + rules.overlapWaitMs : null);
}

/** Words that were said before our last line, and understood during it, were not said over it. */
function heardOverUntil({ utterance, hearing, lastSpoken }: TurnState, idleSince: Ms): Ms {
  if (utterance === null || lastSpoken === null) return idleSince;
  const { startedAt } = lastSpoken;
  return utterance.lastVoicedAt < startedAt && heardAtOf(hearing) >= startedAt ? -Infinity : idleSince;
}

const after = (since: Ms | null, waitMs: Ms): Ms | null => (since === null ? null : since + waitMs);

/** At once, unless the final transcript of the turn may still come. */
function toolsDueAt({ agent, turn, rules }: TurnState): Ms | null {
  if (agent.name === 'idle' || agent.name === 'drafting' || agent.reply.model.name !== 'held') return null;
  return turn?.awaitsFinal ? turn.lastVoicedAt + rules.sttFinalMs : -Infinity;
}

/** A timer has fired. One that was replaced or cancelled meanwhile, or is of an older generation, does nothing. */
export function onTimer(step: Step, timer: TimerName, gen: number): void {
  const armed = step.state.timers[timer];
  if (armed === undefined || armed.gen !== gen) return;
  step.set({ timers: withoutTimer(step.state, timer) });
  const due = dueAt(step.state, timer);
  if (due !== null && due <= step.at) fire(step, timer);
}

/** `endpoint`, `draft`, `overlap`, `verify` and `tools` need no more than the upkeep that follows. */
function fire(step: Step, timer: TimerName): void {
  const { rules } = step.state;
  switch (timer) {
    case 'utterance':
      return endUnbroken(step);
    case 'digits':
      return step.state.phase.name === 'closing' ? onNoKey(step) : commitKeys(step);
    case 'transfer':
      return onTransferFailed(step);
    case 'silence':
      return onSilence(step);
    case 'ask-again':
      return askAgain(step);
    case 'soft':
      return step.state.agent.name === 'idle' ? sayUnheardFiller(step) : sayFiller(step);
    case 'hard':
      return onHardTimeout(step);
    case 'max-call':
      return closeCall(step, 'max_duration', rules.lines.goodbye);
    case 'reopen-stt':
      return reopenStt(step);
    default:
      return;
  }
}

/** No answer came in all this time: an apology, and the same question to the model once more, or a person instead of it, where the campaign wants that. */
function onHardTimeout(step: Step): void {
  const { rules, failures, agent, phase } = step.state;
  const isAnswer = agent.name !== 'idle' && agent.reply.kind === 'answer' && phase.name !== 'closing';
  if (!isAnswer || rules.hardTimeoutAction === 'apologise') return apologise(step);
  if (rules.hardTimeoutAction === 'hand-over') return handOver(step);
  step.set({ failures: failures + 1 });
  if (failures + 1 >= rules.maxFailures) return giveUp(step);
  startAnswer(step);
  const retried = step.state.agent;
  if (retried.name === 'idle') return;
  say(step, { ...retried.reply, waitingSince: step.at }, [rules.lines.apology], 'filler');
}

/** The person says plainly whether they want to be called again. */
function answerOffer(step: Step, isOver: boolean): void {
  const answer = spokenAnswer(step, isOver);
  if (answer === null) return;
  const line = answer === 'yes' ? takeOffer(step) : dropOffer(step);
  if (line !== null) sayLine(step, 'goodbye', line);
}

function onNoKey(step: Step): void {
  const line = dropOffer(step);
  if (line !== null) sayLine(step, 'goodbye', line);
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
  const line = fillerLine(rules, turn.fillers, agent.reply);
  step.set({ turn: { ...turn, fillers: turn.fillers + 1 } });
  if (line !== '') say(step, agent.reply, [line], 'filler');
}
