import { joinText } from '../text/join-text.js';
import type { HeardPosition } from './events.js';
import { cutReplyAt, recordReply, turnText } from './record.js';
import { writtenCharacters } from './reply.js';
import type { Hearing, Reply, Turn } from './state.js';
import type { Step } from './step.js';

/** Breaks off whatever the agent is about to say or says. What was heard of it is known at once, or when `playout-cut` tells. */
export function cancelReply(step: Step): void {
  settleCut(step, null);
  const { agent } = step.state;
  if (agent.name === 'idle') return;
  const { reply } = agent;
  if (reply.draft !== null) return dropDraft(step, reply);
  if (reply.hold?.name === 'paused' && reply.hold.position !== null) return endPaused(step, reply, reply.hold.position);
  const audible = reply.phrases.some((phrase) => phrase.status === 'playing');
  if (audible) step.emit({ type: 'clear-out', gen: reply.gen });
  step.emit({ type: 'cancel-gen', gen: reply.gen });
  step.set({ agent: { name: 'idle', since: step.at }, cut: audible ? reply : null });
  if (!audible) recordCut(step, reply);
}

/** The answer that was asked for early is of no use. */
function dropDraft(step: Step, reply: Reply): void {
  const { speculation } = step.state;
  step.emit({ type: 'cancel-gen', gen: reply.gen });
  step.set({ agent: { name: 'idle', since: step.at }, speculation: { ...speculation, wasted: speculation.wasted + 1 } });
  step.emit({ type: 'noticed', sign: { type: 'speculation', outcome: 'miss', characters: writtenCharacters(reply) } });
}

/** Its sound was stopped before, and how far it was heard is known. */
function endPaused(step: Step, reply: Reply, position: HeardPosition): void {
  step.emit({ type: 'cancel-gen', gen: reply.gen });
  step.set({ agent: { name: 'idle', since: step.at } });
  recordCut(step, cutReplyAt(reply, position));
}

/** Writes down what was heard of a reply that was cut off; without a position, only what had been heard to its end. */
export function settleCut(step: Step, position: HeardPosition | null): void {
  const { cut } = step.state;
  if (cut === null || (position !== null && position.gen !== cut.gen)) return;
  step.set({ cut: null });
  recordCut(step, cutReplyAt(cut, position));
}

function recordCut(step: Step, reply: Reply): void {
  const before = step.state.history.length;
  recordReply(step, reply, true);
  if (step.state.history.length > before) step.set({ lineHeardAt: null });
}

/** May the last turn be taken back, to be joined with what follows? Not once it was reported, answered, or tools ran for it. */
export function canTakeBack(step: Step): boolean {
  const { turn, history, cut, agent } = step.state;
  if (turn === null || turn.reported || cut !== null || turn.index !== history.length - 1) return false;
  return agent.name === 'idle' || agent.name === 'drafting' || (agent.reply.kind === 'answer' && !turn.answered && !toolsRan(agent.reply));
}

export const toolsRan = (reply: Reply): boolean => reply.rounds.some((round) => round.calls.length > 0);

/** Un-commits the last turn: its text goes back to the head of what no turn has taken yet. */
export function takeBackTurn(step: Step): void {
  const { turn, history, user, hearing, exchanges } = step.state;
  if (turn === null) return;
  const started = user.name === 'onset' || user.name === 'speaking' || user.name === 'trailing';
  step.set({
    history: history.slice(0, turn.index),
    turn: null,
    exchanges: exchanges - (turn.exchange ? 1 : 0),
    hearing: withTurnBefore(step, turn, hearing),
    user: started ? { ...user, onsetAt: turn.onsetAt } : { name: 'silent', since: step.at },
  });
}

function withTurnBefore(step: Step, turn: Turn, hearing: Hearing): Hearing {
  if (!turn.awaitsFinal) {
    return {
      ...hearing,
      overlapFrom: 0,
      own: false,
      finals: joinText(turnText(step, turn), hearing.finals),
      finalAt: Math.max(hearing.finalAt, turn.committedAt),
    };
  }
  return {
    overlapFrom: 0,
    own: false,
    finals: joinText(turn.settled, hearing.finals),
    finalAt: hearing.finalAt,
    interim: joinText(turn.interim, hearing.interim),
    interimSince: Math.max(hearing.interimSince, turn.committedAt),
  };
}
