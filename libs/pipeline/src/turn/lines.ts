import { stripMarkdown } from '../text/strip-markdown.js';
import { isSignOfListening } from '../policies/backchannel.js';
import { textOf } from '../policies/endpointing.js';
import { cancelReply, settleCut } from './cancel.js';
import { cutReplyAt, humanMessage, recordReply, reportTurn, timesOfVoice } from './record.js';
import { commitOverlap, sayWhatWasLeft } from './commit.js';
import { contentOf, createReply, heardOf, isComplete, wasHeard, wasHeardWhole } from './reply.js';
import type { HeardPosition } from './events.js';
import { awaitOffer, dropOffer, mayOffer } from './callback-offer.js';
import { owedOnResume } from './overlap.js';
import { recapLine } from './recap-line.js';
import { say } from './say.js';
import { beginHandOver, goOnHandingOver, resumeHandOver, transferOf } from './hand-over.js';
import {
  NOTHING_HEARD,
  type EndReason,
  type HandOver,
  type LastLines,
  type Phase,
  type Reply,
  type ReplyKind,
  type SpokenLine,
} from './state.js';
import type { Step } from './step.js';
import { forgetUnheard } from './unheard.js';

/** Says a line of the engine's own, in place of whatever the agent was saying. */
export function sayLine(step: Step, kind: Exclude<ReplyKind, 'answer'>, text: string): void {
  sayLines(step, kind, [text]);
}

/** Several of them, one after the other: each was synthesised by itself. */
function sayLines(step: Step, kind: Exclude<ReplyKind, 'answer'>, texts: readonly string[]): void {
  cancelReply(step);
  forgetUnheard(step);
  const gen = step.state.gen + 1;
  step.set({ gen, unsaid: null });
  const spoken = texts.map(stripMarkdown).filter((text) => text !== '');
  say(step, createReply(gen, kind, step.at, { name: 'none' }), spoken, 'line');
  finishIfComplete(step);
}

/** Says a last line and then hangs up. */
export function closeCall(step: Step, reason: EndReason, line: string): void {
  closeWith(step, reason, 'goodbye', line);
}

export function closeWith(step: Step, reason: EndReason, kind: 'goodbye' | 'message', line: string): void {
  step.set({ phase: { name: 'closing', reason } });
  sayLine(step, kind, line);
}

/** The agent owes an answer and cannot give it: it apologises, and gives the call up when that happens again. */
export function apologise(step: Step): void {
  const { phase, rules, failures } = step.state;
  if (phase.name === 'closing') return endWithoutLine(step);
  step.set({ failures: failures + 1 });
  if (failures + 1 >= rules.maxFailures) giveUp(step);
  else sayLine(step, 'apology', rules.lines.apology);
}

/** The last line cannot even be said. */
function endWithoutLine(step: Step): void {
  if (transferOf(step.state) === null) return hangUp(step);
  cancelReply(step);
  goOnHandingOver(step);
}

/** We cannot go on, and nothing may work any more but lines that were synthesised before and keys: somebody takes over, where the campaign wants that. */
export function giveUp(step: Step): void {
  if (step.state.rules.failureHandOver) handOver(step);
  else endWithApology(step);
}

/** Tells the person that they are put through, and has it done. */
export function handOver(step: Step): void {
  beginHandOver(step);
  sayLine(step, 'goodbye', step.state.rules.lines.handOver ?? '');
}

/** The carrier has refused, or has not put the person through in time. Where another worker had asked it, and no audio flows yet, nothing else is said once it does. */
export function onTransferFailed(step: Step): void {
  const { resumed } = step.state;
  if (transferOf(step.state)?.name === 'asked') endWithApology(step);
  else if (resumed?.handOver === 'asked') step.set({ resumed: { ...resumed, handOver: undefined, last: failureEnding(step) } });
}

function endWithApology(step: Step): void {
  goOnClosing(step, failureEnding(step));
}

/** An apology, another call where the campaign offers one, a goodbye. */
function failureEnding(step: Step): LastLines {
  const { apology, callbackOffer = '', goodbye } = step.state.rules.lines;
  const offer = mayOffer(step);
  return { reason: 'provider_failure', lines: [apology, offer ? callbackOffer : goodbye], offer };
}

/** The same where the apology follows what is being said: it counts, and may be the last. Answers what is said then: the end of the call, if it was. */
export function giveUpAfterLine(step: Step): readonly string[] {
  const { rules, failures } = step.state;
  const { apology, handOver: handOverLine = apology } = rules.lines;
  step.set({ failures: failures + 1 });
  if (failures + 1 < rules.maxFailures) return [apology];
  if (rules.failureHandOver) {
    beginHandOver(step);
    return [handOverLine];
  }
  const { reason, lines, offer } = failureEnding(step);
  step.set({ phase: closingPhase(reason, offer) });
  return lines.filter((line) => line !== '');
}

/** Puts a reply away once all of it was heard, and goes on to what follows from that. */
export function finishIfComplete(step: Step): void {
  const { agent } = step.state;
  if (agent.name === 'idle' || agent.name === 'drafting' || !isComplete(agent.reply)) return;
  const { reply } = agent;
  recordReply(step, reply, false);
  step.set({ agent: { name: 'idle', since: step.at } });
  if (reply.kind === 'message' && wasHeardWhole(reply)) step.set({ machine: 'message_left' });
  if (wasHeard(reply)) step.set({ lineHeardAt: reply.overlapped ? null : step.at, lastSpoken: spokenLine(reply, step.at) });
  if (step.state.phase.name === 'greeting') step.set({ phase: { name: 'dialog' } });
  if (step.state.phase.name === 'closing') return afterLastLine(step, reply);
  if (reply.kind === 'notice' && wasHeard(reply)) return greet(step);
  if (reply.kind === 'recap' || (step.state.resumed !== null && (reply.kind === 'rest' || reply.kind === 'greeting')))
    return goOnAfterRecap(step);
  if (reply.phrases.length > 0 && !wasHeard(reply)) return apologise(step);
  if (reply.kind === 'answer' && reply.phrases.every((phrase) => phrase.source !== 'line')) step.set({ failures: 0 });
  if (step.state.phase.name === 'notice') openCall(step); // an apology was heard, the notice was not
}

/** Who heard that we cannot go on, and not what they may do about it, gets at least a goodbye. Whom somebody takes over needs no line of ours. */
function afterLastLine(step: Step, reply: Reply): void {
  if (goOnHandingOver(step)) return;
  if (awaitOffer(step, reply)) return;
  const goodbye = wasHeard(reply) ? dropOffer(step) : null;
  if (goodbye === null) hangUp(step);
  else sayLine(step, 'goodbye', goodbye);
}

function spokenLine(reply: Reply, at: number): SpokenLine {
  const startedAt = reply.phrases.find(({ status }) => status === 'played')?.startedAt ?? at;
  return { text: contentOf(reply.phrases, heardOf), startedAt, endedAt: at };
}

/** Answered, and audio flows: the agent speaks first. What the law wants said comes before everything. */
export function openCall(step: Step): void {
  const { legalNotice = '' } = step.state.rules.lines;
  const { handOver: begun, last } = step.state.resumed ?? {};
  if (step.state.machine !== null) return awaitMachine(step);
  if (begun !== undefined) return goOnPuttingThrough(step, begun);
  if (last !== undefined) return goOnClosing(step, last);
  if (legalNotice === '' || step.state.resumed !== null) return greet(step);
  step.set({ phase: { name: 'notice' } });
  sayLine(step, 'notice', legalNotice);
}

/** The line was lost while the person was put through: they are told again, whoever asks the carrier. */
function goOnPuttingThrough(step: Step, begun: HandOver['name']): void {
  resumeHandOver(step, begun);
  sayLine(step, 'goodbye', step.state.rules.lines.handOver ?? '');
}

/** The call ends: what the person has not heard of that is said, and no more; also where the line was lost meanwhile. */
function goOnClosing(step: Step, { reason, lines, offer }: LastLines): void {
  step.set({ resumed: null, phase: closingPhase(reason, offer) });
  if (lines.length === 0) hangUp(step);
  else sayLines(step, 'goodbye', lines);
}

function closingPhase(reason: EndReason, offer: boolean): Phase {
  return { name: 'closing', reason, ...(offer ? { offer: { name: 'told' } } : {}) };
}

/** The line to a machine was lost: whoever watches it tells when it is our turn. */
function awaitMachine(step: Step): void {
  step.set({ resumed: null, phase: { name: 'voicemail', since: step.at } });
}

/**
 * What the person had said before the line was lost is answered now, or what they had not heard of its answer is said. What they said over this line
 * stands before that: signs of listening are noted, other words are answered instead.
 */
function goOnAfterRecap(step: Step): void {
  const { resumed, hearing, user } = step.state;
  const owed = resumed === null ? null : owedOnResume(resumed);
  const isNothing = owed === null || (owed.complete && owed.texts.length === 0);
  step.set({ resumed: null, unsaid: isNothing ? null : owed });
  if (isNothing) return;
  if (textOf(hearing) === '') return sayWhatWasLeft(step);
  const isOver = user.name === 'silent' || user.name === 'committed';
  if (isOver || (user.name === 'trailing' && isSignOfListening(step.state))) commitOverlap(step);
}

function greet(step: Step): void {
  const { rules, resumed } = step.state;
  step.set({ phase: { name: 'greeting', mediaOpen: true } });
  if (resumed?.greeted) return sayLine(step, 'recap', recapLine(step.state));
  if (!resumed?.unanswered) step.set({ resumed: null });
  sayLine(step, 'greeting', rules.lines.greeting);
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
  if (agent.name === 'drafting') cancelReply(step);
  else if (agent.name !== 'idle') {
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
  const { hearing, history, messageId } = step.state;
  const content = textOf(hearing);
  if (content === '') return;
  const id = messageId + 1;
  const times = timesOfVoice(step.state);
  step.set({ history: [...history, { role: 'user', content }], messageId: id, hearing: NOTHING_HEARD });
  step.emit({ type: 'said', message: humanMessage({ id, ...times }, content) });
}
