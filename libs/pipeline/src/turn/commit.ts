import { textOf, waitEndsAt } from '../policies/endpointing.js';
import { heardAtOf, isBackchannel, isSignOfListening, wantsYesOrNo } from '../policies/backchannel.js';
import { overlapText } from '../policies/barge-in.js';
import { rulesOf } from '../policies/situation.js';
import type { Ms } from '../ports.js';
import { joinText } from '../text/join-text.js';
import { cancelReply, settleCut } from './cancel.js';
import { adoptDraft } from './draft.js';
import { keyedText } from './dtmf.js';
import { noteBackchannel } from './note-backchannel.js';
import { reportTurn, turnStart } from './record.js';
import { createReply, isFree, replyMessages, setReply, wholeOf } from './reply.js';
import { sayRest } from './say.js';
import { NOTHING_HEARD, type Reply, type Turn, type TurnState } from './state.js';
import type { Step } from './step.js';
import { forgetUnheard, noticeUnheard } from './unheard.js';

/** What the ledger and the transcript need to know of the voice that made a turn. */
type TurnTimes = Pick<Turn, 'onsetAt' | 'lastVoicedAt' | 'noticedAt' | 'waitEndedAt' | 'exchange'>;

/**
 * The wait after an utterance is over: it becomes a turn, unless it was empty or said over the agent, who keeps the floor. What was left of an
 * earlier one is no reason to answer a cough.
 */
export function endUtterance(step: Step): void {
  const { user } = step.state;
  if (user.name !== 'trailing') return;
  const { onsetAt, lastVoicedAt, noticedAt } = user;
  const waitEndedAt = Math.max(noticedAt, waitEndsAt(step.state, lastVoicedAt));
  step.set({ user: { name: restingName(step.state), since: step.at }, utterance: { onsetAt, lastVoicedAt, noticedAt } });
  noticeUnheard(step, { onsetAt, lastVoicedAt, noticedAt });
  if (!mayCommit(step.state) || overlapText(step.state) === '' || isSignOfListening(step.state)) return sayWhatWasLeft(step);
  commitTurn(step, { onsetAt, lastVoicedAt, noticedAt, waitEndedAt, exchange: followsLine(step.state, onsetAt) });
}

/** A voice without a pause has lasted too long: what it said so far is a turn, and it is background from now on. */
export function endUnbroken(step: Step): void {
  const { user } = step.state;
  if (user.name !== 'speaking') return;
  const { onsetAt, lastVoicedAt } = user;
  const times = { onsetAt, lastVoicedAt, noticedAt: step.at };
  step.set({ user: { name: restingName(step.state), since: step.at }, utterance: times, background: { quietMs: 0 } });
  step.emit({ type: 'noticed', sign: { type: 'unbroken-voice' } });
  noticeUnheard(step, times);
  if (mayCommit(step.state)) commitTurn(step, { ...times, waitEndedAt: step.at, exchange: followsLine(step.state, onsetAt) });
  else sayWhatWasLeft(step);
}

/** What was keyed in is a turn, with what was said beside it. */
export function commitKeys(step: Step): void {
  const { phase, utterance, agent, unsaid } = step.state;
  if (phase.name !== 'collecting') return;
  if (phase.digits === '' && unsaid !== null && isFree(agent)) noteListening(step);
  if (phase.digits === '' && (textOf(step.state.hearing) === '' || !isFree(agent))) {
    step.set({ phase: { name: 'dialog' } });
    return sayWhatWasLeft(step);
  }
  if (!isFree(agent)) return step.set({ phase: { ...phase, ended: true } }); // it is said to its end where keys must not cut
  const { onsetAt, lastVoicedAt } = utterance ?? { onsetAt: phase.lastAt, lastVoicedAt: phase.lastAt };
  const at = Math.max(lastVoicedAt, phase.lastAt);
  const exchange = followsLine(step.state, phase.lastAt);
  commitTurn(step, { onsetAt, lastVoicedAt: at, noticedAt: at, waitEndedAt: step.at, exchange });
}

/** The agent has nothing to say, and there are words that a turn may be made of. */
function mayCommit(state: TurnState): boolean {
  return isFree(state.agent) && rulesOf(state).answers && textOf(state.hearing) !== '';
}

/** A voice had cut the agent off, and not a word of it was understood: the agent goes on where it was. */
export function sayWhatWasLeft(step: Step): void {
  const { agent, unsaid } = step.state;
  if (agent.name !== 'idle' || unsaid === null || !rulesOf(step.state).answers || overlapText(step.state) !== '') return;
  noteListening(step);
  if (unsaid.complete && unsaid.texts.length > 0) return sayRest(step, unsaid.texts);
  step.set({ unsaid: null });
  if (!unsaid.complete) startAnswer(step);
}

/** A sign of listening from before that voice stands before what is said now; after it, it would look like an answer to it. */
function noteListening(step: Step): void {
  const { hearing, rules } = step.state;
  const heardAt = heardAtOf(hearing);
  if (!isBackchannel(textOf(hearing), rules.language) || wantsYesOrNo(step.state)) return;
  noteBackchannel(step, { onsetAt: heardAt, lastVoicedAt: heardAt, noticedAt: heardAt, waitEndedAt: step.at }, heardAt);
}

/** Text that came after its utterance was given up, was said over the agent, or has no voice of its own at all, becomes a turn; signs of listening are noted. */
export function commitOverlap(step: Step): void {
  const { hearing, agent, utterance } = step.state;
  if (agent.name !== 'idle') return;
  if (textOf(hearing) === '') return startAnswer(step); // to words that were only kept so far
  const heardAt = Math.max(hearing.finalAt, hearing.interimSince);
  const { onsetAt, lastVoicedAt, noticedAt } = utterance ?? { onsetAt: heardAt, lastVoicedAt: heardAt, noticedAt: heardAt };
  const exchange = utterance !== null && followsLine(step.state, onsetAt);
  const times = { onsetAt, lastVoicedAt: Math.max(lastVoicedAt, agent.since), noticedAt, waitEndedAt: Math.max(heardAt, agent.since) };
  if (!isSignOfListening(step.state)) return commitTurn(step, { ...times, exchange });
  noteBackchannel(step, times, Math.min(lastVoicedAt, heardAtOf(hearing)));
  sayWhatWasLeft(step);
}

/** Did this speech begin after a line that was heard to its end and in silence? Starting on its last syllables still counts. */
function followsLine(state: TurnState, onsetAt: Ms): boolean {
  return state.lineHeardAt !== null && onsetAt >= state.lineHeardAt - state.rules.bargeInMs;
}

function commitTurn(step: Step, times: TurnTimes): void {
  settleCut(step, null);
  reportTurn(step);
  forgetUnheard(step);
  takeKeys(step);
  const { hearing, history, messageId, exchanges, speculation } = step.state;
  const content = textOf(hearing);
  step.set({
    phase: { name: 'dialog' },
    user: { name: 'committed', since: step.at },
    history: [...history, { role: 'user', content }],
    turn: { ...times, ...turnStart(hearing), index: history.length, id: messageId + 1, committedAt: step.at },
    messageId: messageId + 1,
    hearing: NOTHING_HEARD,
    utterance: null,
    exchanges: exchanges + (times.exchange ? 1 : 0),
    prompts: 0,
    unsaid: null,
    resumed: null,
    semantic: null,
    speculation: { ...speculation, drafts: 0 },
  });
  if (!adoptDraft(step, content)) startAnswer(step);
}

/** Keys go into the words of their turn. */
function takeKeys(step: Step): void {
  const { phase, hearing } = step.state;
  if (phase.name !== 'collecting' || phase.digits === '') return;
  const finals = joinText(hearing.finals, keyedText(phase.digits));
  step.set({ hearing: { ...hearing, finals, finalAt: step.at } });
}

/** Asks the model for an answer to the last turn, in place of whatever the agent was about to say. */
export function startAnswer(step: Step): void {
  cancelReply(step);
  forgetUnheard(step);
  takeUpOwed(step);
  const gen = step.state.gen + 1;
  step.set({ gen, unsaid: null });
  const { turn } = step.state;
  const waitingSince = turn === null || turn.answered ? step.at : turn.committedAt;
  askModel(step, { ...createReply(gen, 'answer', waitingSince, { name: 'done' }), rounds: [{ calls: [], results: [] }] });
}

/** Who waits for an answer to words that were only kept so far has waited since our last line. */
function takeUpOwed(step: Step): void {
  const { turn, agent } = step.state;
  if (!turn?.owed) return;
  const lastVoicedAt = agent.name === 'idle' ? Math.max(turn.lastVoicedAt, agent.since) : step.at;
  step.set({ turn: { ...turn, owed: false, lastVoicedAt, waitEndedAt: step.at, committedAt: step.at } });
}

/** Sends the conversation to the model, the rounds of this reply included. After the last allowed tool round it gets no tools. */
export function askModel(step: Step, reply: Reply): void {
  const request = step.state.request + 1;
  const asked: Reply = { ...reply, tries: reply.tries + 1, model: { name: 'streaming', request, buffer: '', calls: [] } };
  step.set({ request });
  setReply(step, asked);
  const messages = [...step.state.history, ...replyMessages(asked, wholeOf)];
  step.emit({ type: 'start-llm', gen: reply.gen, request, messages, withTools: mayUseTools(step.state, reply), early: false });
}

export function mayUseTools(state: TurnState, reply: Reply): boolean {
  return reply.rounds.filter((round) => round.calls.length > 0).length < state.rules.maxToolRounds;
}

/** Silent, or silent and still waiting for the answer to a turn. */
export function restingName(state: TurnState): 'silent' | 'committed' {
  return state.turn !== null && !state.turn.answered && !isFree(state.agent) ? 'committed' : 'silent';
}
