import { textOf, waitEndsAt } from '../policies/endpointing.js';
import type { Ms } from '../ports.js';
import { cancelReply, settleCut } from './cancel.js';
import { reportTurn } from './record.js';
import { createReply, replyMessages, setReply, wholeOf } from './reply.js';
import { NOTHING_HEARD, type Hearing, type Reply, type Turn, type TurnState } from './state.js';
import type { Step } from './step.js';

/** What the ledger and the transcript need to know of the voice that made a turn. */
type TurnTimes = Pick<Turn, 'onsetAt' | 'lastVoicedAt' | 'noticedAt' | 'waitEndedAt' | 'exchange'>;

/** The wait after an utterance is over: it becomes a turn, unless it was empty or said over the agent, who keeps the floor. */
export function endUtterance(step: Step): void {
  const { user, hearing, agent, phase, rules } = step.state;
  if (user.name !== 'trailing') return;
  const { onsetAt, lastVoicedAt, noticedAt } = user;
  step.set({ user: { name: restingName(step.state), since: step.at }, utterance: { onsetAt, lastVoicedAt, noticedAt } });
  if (agent.name !== 'idle' || phase.name === 'closing' || textOf(hearing) === '') return;
  const waitEndedAt = Math.max(noticedAt, waitEndsAt(user, hearing, rules));
  commitTurn(step, { onsetAt, lastVoicedAt, noticedAt, waitEndedAt, exchange: followsLine(step.state, onsetAt) });
}

/** Text that came after its utterance was given up, was said over the agent, or has no voice of its own at all, becomes a turn. */
export function commitOverlap(step: Step): void {
  const { hearing, agent, utterance } = step.state;
  if (agent.name !== 'idle' || textOf(hearing) === '') return;
  const heardAt = Math.max(hearing.finalAt, hearing.interimSince);
  const { onsetAt, lastVoicedAt, noticedAt } = utterance ?? { onsetAt: heardAt, lastVoicedAt: heardAt, noticedAt: heardAt };
  const exchange = utterance !== null && followsLine(step.state, onsetAt);
  const times = { onsetAt, lastVoicedAt: Math.max(lastVoicedAt, agent.since), noticedAt };
  commitTurn(step, { ...times, waitEndedAt: Math.max(heardAt, agent.since), exchange });
}

/** Did this speech begin after a line that was heard to its end and in silence? Starting on its last syllables still counts. */
function followsLine(state: TurnState, onsetAt: Ms): boolean {
  return state.lineHeardAt !== null && onsetAt >= state.lineHeardAt - state.rules.bargeInMs;
}

function commitTurn(step: Step, times: TurnTimes): void {
  settleCut(step, null);
  reportTurn(step);
  const { hearing, history, messageId, exchanges } = step.state;
  step.set({
    phase: { name: 'dialog' },
    user: { name: 'committed', since: step.at },
    history: [...history, { role: 'user', content: textOf(hearing) }],
    turn: { ...times, ...turnStart(hearing), index: history.length, id: messageId + 1, committedAt: step.at },
    messageId: messageId + 1,
    hearing: NOTHING_HEARD,
    utterance: null,
    exchanges: exchanges + (times.exchange ? 1 : 0),
    prompts: 0,
  });
  startAnswer(step);
}

function turnStart(hearing: Hearing): Pick<Turn, 'settled' | 'interim' | 'awaitsFinal' | 'reported' | 'answered' | 'fillerSaid'> {
  const { finals: settled, interim } = hearing;
  return { settled, interim, awaitsFinal: interim !== '', reported: false, answered: false, fillerSaid: false };
}

/** Asks the model for an answer to the last turn, in place of whatever the agent was about to say. */
export function startAnswer(step: Step): void {
  cancelReply(step);
  const gen = step.state.gen + 1;
  step.set({ gen });
  const waitingSince = step.state.turn?.committedAt ?? step.at;
  askModel(step, { ...createReply(gen, 'answer', waitingSince, { name: 'done' }), rounds: [{ calls: [], results: [] }] });
}

/** Sends the conversation to the model, the rounds of this reply included. After the last allowed tool round it gets no tools. */
export function askModel(step: Step, reply: Reply): void {
  const request = step.state.request + 1;
  const asked: Reply = { ...reply, model: { name: 'streaming', request, buffer: '', calls: [] } };
  step.set({ request });
  setReply(step, asked);
  const messages = [...step.state.history, ...replyMessages(asked, wholeOf)];
  step.emit({ type: 'start-llm', gen: reply.gen, request, messages, withTools: mayUseTools(step.state, reply) });
}

export function mayUseTools(state: TurnState, reply: Reply): boolean {
  return reply.rounds.filter((round) => round.calls.length > 0).length < state.rules.maxToolRounds;
}

/** Silent, or silent and still waiting for the answer to a turn. */
export function restingName(state: TurnState): 'silent' | 'committed' {
  return state.turn !== null && !state.turn.answered && state.agent.name !== 'idle' ? 'committed' : 'silent';
}
