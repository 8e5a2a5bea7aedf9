import { canTakeBack, settleCut, takeBackTurn } from './cancel.js';
import type { HeardPosition } from './events.js';
import { latencyLedger } from './ledger.js';
import { finishIfComplete } from './lines.js';
import { reportTurn } from './record.js';
import { changePhrase, liveReply, openReply, setReply, wasHeard } from './reply.js';
import type { Reply } from './state.js';
import type { Step } from './step.js';

export function onFirstAudio(step: Step, gen: number, phrase: number): void {
  const reply = openReply(step, gen);
  if (reply === null || reply.firstAudioAt !== null || reply.phrases[phrase]?.source === 'filler') return;
  setReply(step, { ...reply, firstAudioAt: step.at });
}

export function onPlayoutStarted(step: Step, gen: number, index: number): void {
  const reply = liveReply(step, gen);
  const phrase = reply?.phrases[index];
  if (reply === null || phrase?.status !== 'asked') return;
  const playing = changePhrase(reply, index, { status: 'playing', startedAt: step.at });
  if (phrase.source === 'filler') return setReply(step, playing);
  setReply(step, { ...playing, waitingSince: null });
  if (!wasHeard(reply)) onFirstWords(step);
}

/** From the first words of an answer on, its turn is settled and its latency known. */
function onFirstWords(step: Step): void {
  const { agent, turn, user } = step.state;
  if (agent.name === 'idle' || agent.reply.kind !== 'answer' || turn === null || turn.answered) return;
  const ledger = latencyLedger(turn, agent.reply, step.at);
  setReply(step, { ...agent.reply, ledger });
  step.set({ turn: { ...turn, answered: true } });
  if (user.name === 'committed') step.set({ user: { name: 'silent', since: user.since } });
  step.emit({ type: 'measured', ledger });
  if (!turn.awaitsFinal) reportTurn(step);
}

export function onPlayoutPlayed(step: Step, gen: number, index: number): void {
  const reply = liveReply(step, gen);
  const status = reply?.phrases[index]?.status;
  if (reply === null || (status !== 'playing' && status !== 'asked')) return;
  setReply(step, waitingAgain(step, changePhrase(reply, index, { status: 'played', endedAt: step.at })));
  finishIfComplete(step);
}

/** Synthesis gave up on a phrase: what there is of it is still heard. */
export function onSynthesisFailed(step: Step, gen: number, index: number, share: number): void {
  const reply = openReply(step, gen);
  const phrase = reply?.phrases[index];
  if (reply === null || phrase === undefined || phrase.status === 'played') return;
  if (share > 0) return setReply(step, changePhrase(reply, index, { share }));
  setReply(step, waitingAgain(step, changePhrase(reply, index, { status: 'failed' })));
  finishIfComplete(step);
}

/** All that was given to synthesis was heard: from now on the person waits again. */
function waitingAgain(step: Step, reply: Reply): Reply {
  const audible = reply.phrases.some((phrase) => phrase.status === 'playing' || phrase.status === 'asked');
  return audible ? reply : { ...reply, waitingSince: reply.waitingSince ?? step.at };
}

/** The person spoke before anything of the answer was heard: both utterances are one turn. */
export function onPlayoutCut(step: Step, position: HeardPosition): void {
  if (step.state.cut?.gen !== position.gen) return;
  settleCut(step, position);
  if (step.state.user.name === 'speaking' && canTakeBack(step)) takeBackTurn(step);
}
