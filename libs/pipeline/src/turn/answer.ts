import { splitPhrases } from '../text/split-phrases.js';
import type { Ms, ToolCall } from '../ports.js';
import { askAgainAt } from '../policies/asking-again.js';
import { askModel, mayUseTools } from './commit.js';
import { cancelReply } from './cancel.js';
import { apologise, finishIfComplete, giveUpAfterLine } from './lines.js';
import { liveReply, openReply, setReply } from './reply.js';
import { say } from './say.js';
import { changeSpeech, type SpeechChange } from './speech.js';
import type { ModelProgress, Reply } from './state.js';
import type { Step } from './step.js';

type Streaming = Extract<ModelProgress, { name: 'streaming' }>;

/** Hands the model's stream over, if this request is the live one. */
export function whileStreaming(step: Step, ids: { gen: number; request: number }, handle: (reply: Reply, model: Streaming) => void): void {
  const reply = openReply(step, ids.gen);
  if (reply?.model.name === 'streaming' && reply.model.request === ids.request) handle(reply, reply.model);
}

export function onModelText(step: Step, reply: Reply, model: Streaming, text: string): void {
  const split = splitPhrases(model.buffer + text, { first: !hasWords(reply), complete: false });
  const firstTokenAt = reply.firstTokenAt ?? (text.trim() === '' ? null : step.at);
  say(step, { ...reply, firstTokenAt, model: { ...model, buffer: split.rest } }, split.phrases, 'model');
}

export function onModelToolCall(step: Step, reply: Reply, model: Streaming, call: ToolCall): void {
  if (mayUseTools(step.state, reply)) setReply(step, { ...reply, model: { ...model, calls: [...model.calls, call] } });
}

/** The round is written: its last words are spoken. Its tools run as soon as they may. */
export function onModelDone(step: Step, reply: Reply, model: Streaming): void {
  const { phrases } = splitPhrases(model.buffer, { first: !hasWords(reply), complete: true });
  const complete: Reply = { ...reply, model: { ...model, buffer: '' } };
  if (model.calls.length === 0 && phrases.length === 0 && !hasWords(reply)) return onModelFailed(step, complete);
  const next: ModelProgress = model.calls.length === 0 ? { name: 'done' } : { name: 'held', calls: model.calls };
  say(step, { ...complete, model: next }, phrases, 'model');
  finishIfComplete(step);
}

/** The final transcript is there, or was given the time it usually takes. */
export function runHeldTools(step: Step): void {
  const { agent } = step.state;
  if (agent.name === 'idle' || agent.name === 'drafting' || agent.reply.model.name !== 'held') return;
  const { reply } = agent;
  const { calls } = agent.reply.model;
  const round = { calls, results: calls.map(() => null) };
  setReply(step, { ...reply, model: { name: 'tools', endCall: false }, rounds: [...reply.rounds.slice(0, -1), round] });
  for (const call of calls) step.emit({ type: 'run-tool', gen: reply.gen, call });
}

/** Asked again, after a pause, as long as the round has said nothing; else the agent apologises, after what it has begun to say. */
export function onModelFailed(step: Step, reply: Reply, retryAfterMs?: Ms): void {
  if (reply.draft !== null) return cancelReply(step);
  const inRound = reply.phrases.some((phrase) => phrase.source === 'model' && phrase.round === reply.rounds.length - 1);
  const { tries, waitingSince } = reply;
  const askAt = inRound ? null : askAgainAt({ at: step.at, tries, waitingSince, retryAfterMs }, step.state.rules);
  if (askAt !== null) return setReply(step, { ...reply, model: { name: 'failed', askAt } });
  const pending = reply.phrases.some((phrase) => phrase.source === 'model' && (phrase.status === 'asked' || phrase.status === 'playing'));
  if (!pending) return apologise(step);
  const lines = giveUpAfterLine(step);
  say(step, { ...reply, model: { name: 'done' } }, lines, 'line');
}

/** The pause after a failure is over. */
export function askAgain(step: Step): void {
  const { agent } = step.state;
  if (agent.name !== 'idle' && agent.reply.model.name === 'failed') askModel(step, agent.reply);
}

interface ToolDone {
  callId: string;
  content: string;
  endCall: boolean;
  speech?: SpeechChange | undefined;
}

/** One tool has answered. When all have, the model goes on, or the call is closed after what was said last. */
export function onToolDone(step: Step, gen: number, outcome: ToolDone): void {
  if (outcome.speech !== undefined) changeSpeech(step, outcome.speech);
  const reply = liveReply(step, gen);
  const round = reply?.rounds.at(-1);
  if (reply === null || round === undefined || reply.model.name !== 'tools') return;
  const index = round.calls.findIndex((call, at) => call.id === outcome.callId && round.results[at] === null);
  if (index < 0) return;
  const results = round.results.with(index, outcome.content);
  const endCall = reply.model.endCall || outcome.endCall;
  const answered: Reply = {
    ...reply,
    model: { name: 'tools', endCall },
    rounds: [...reply.rounds.slice(0, -1), { ...round, results }],
  };
  if (results.includes(null)) return setReply(step, answered);
  if (endCall) return closeByModel(step, answered);
  askModel(step, { ...answered, tries: 0, rounds: [...answered.rounds, { calls: [], results: [] }] });
}

function closeByModel(step: Step, reply: Reply): void {
  step.set({ agentClosed: true, phase: { name: 'closing', reason: 'agent_closed' } });
  const inRound = reply.phrases.some((phrase) => phrase.source === 'model' && phrase.round === reply.rounds.length - 1);
  say(step, { ...reply, model: { name: 'done' } }, inRound ? [] : [step.state.rules.lines.goodbye], 'line');
  finishIfComplete(step);
}

const hasWords = (reply: Reply): boolean => reply.phrases.some((phrase) => phrase.source === 'model');
