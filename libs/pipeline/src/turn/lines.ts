import { stripMarkdown } from '../text/strip-markdown.js';
import { textOf } from '../policies/endpointing.js';
import { cancelReply, settleCut } from './cancel.js';
import { cutReplyAt, humanMessage, recordReply, reportTurn } from './record.js';
import { createReply, isComplete, setReply, wasHeard } from './reply.js';
import type { HeardPosition } from './events.js';
import { NOTHING_HEARD, type EndReason, type Phrase, type Reply, type ReplyKind } from './state.js';
import type { Step } from './step.js';

/** Gives phrases of a reply to synthesis. */
export function say(step: Step, reply: Reply, texts: readonly string[], source: Phrase['source']): void {
  const round = Math.max(0, reply.rounds.length - 1);
  const first = reply.phrases.length;
  const added = texts.map((text): Phrase => ({ text, source, round, status: 'asked', share: 1, startedAt: step.at, endedAt: step.at }));
  const firstPhraseAt = reply.firstPhraseAt ?? (texts.length > 0 && source !== 'filler' ? step.at : null);
  setReply(step, { ...reply, firstPhraseAt, phrases: [...reply.phrases, ...added] });
  texts.forEach((text, index) => step.emit({ type: 'speak', gen: reply.gen, phrase: first + index, text }));
}

/** Says a line of the engine's own, in place of whatever the agent was saying. */
export function sayLine(step: Step, kind: Exclude<ReplyKind, 'answer'>, text: string): void {
  cancelReply(step);
  const gen = step.state.gen + 1;
  step.set({ gen });
  const spoken = stripMarkdown(text);
  say(step, createReply(gen, kind, step.at, { name: 'none' }), spoken === '' ? [] : [spoken], 'line');
  finishIfComplete(step);
}

/** Says a last line and then hangs up. */
export function closeCall(step: Step, reason: EndReason, line: string): void {
  step.set({ phase: { name: 'closing', reason } });
  sayLine(step, 'goodbye', line);
}

/** The agent owes an answer and cannot give it: it apologises, and gives the call up when that happens again. */
export function apologise(step: Step): void {
  const { phase, rules, failures } = step.state;
  if (phase.name === 'closing') return hangUp(step);
  step.set({ failures: failures + 1 });
  if (failures + 1 >= rules.maxFailures) closeCall(step, 'provider_failure', rules.lines.apology);
  else sayLine(step, 'apology', rules.lines.apology);
}

/** Puts a reply away once all of it was heard, and goes on to what follows from that. */
export function finishIfComplete(step: Step): void {
  const { agent } = step.state;
  if (agent.name === 'idle' || !isComplete(agent.reply)) return;
  const { reply } = agent;
  recordReply(step, reply, false);
  step.set({ agent: { name: 'idle', since: step.at } });
  if (wasHeard(reply)) step.set({ lineHeardAt: reply.overlapped ? null : step.at });
  if (step.state.phase.name === 'greeting') step.set({ phase: { name: 'dialog' } });
  if (step.state.phase.name === 'closing') return hangUp(step);
  if (reply.phrases.length > 0 && !wasHeard(reply)) return apologise(step);
  if (reply.kind === 'answer' && reply.phrases.every((phrase) => phrase.source !== 'line')) step.set({ failures: 0 });
}

/** Ends the call from our side. */
export function hangUp(step: Step, why?: EndReason): void {
  const { phase } = step.state;
  const reason = why ?? (phase.name === 'closing' ? phase.reason : 'internal_error');
  endCall(step, reason, null);
  step.emit({ type: 'hang-up', reason });
}

/** Nothing follows: what is still open is written down as it was heard. */
export function endCall(step: Step, reason: EndReason, heard: HeardPosition | null): void {
  settleCut(step, heard);
  const { agent } = step.state;
  if (agent.name !== 'idle') {
    const position = heard !== null && heard.gen === agent.reply.gen ? heard : null;
    step.emit({ type: 'cancel-gen', gen: agent.reply.gen });
    step.set({ agent: { name: 'idle', since: step.at } });
    recordReply(step, cutReplyAt(agent.reply, position), true);
  }
  reportTurn(step);
  reportUnanswered(step);
  step.set({ phase: { name: 'ended', reason } });
}

/** What the person said last and no turn took: it belongs into the transcript all the same. */
function reportUnanswered(step: Step): void {
  const { hearing, history, messageId, user } = step.state;
  const content = textOf(hearing);
  if (content === '') return;
  const id = messageId + 1;
  const heardAt = Math.max(hearing.finalAt, hearing.interimSince);
  const times = 'onsetAt' in user ? user : { onsetAt: heardAt, lastVoicedAt: heardAt };
  step.set({ history: [...history, { role: 'user', content }], messageId: id, hearing: NOTHING_HEARD });
  step.emit({ type: 'said', message: humanMessage({ id, ...times }, content) });
}
