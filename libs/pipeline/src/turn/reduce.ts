import { onModelDone, onModelFailed, onModelText, onModelToolCall, onToolDone, whileStreaming } from './answer.js';
import { takeOffer, YES_KEY } from './callback-offer.js';
import type { Effect } from './effects.js';
import type { TurnEvent } from './events.js';
import { commitKeys } from './commit.js';
import { onDtmf } from './dtmf.js';
import { endCall, onTransferFailed, openCall, sayLine } from './lines.js';
import { onMachine } from './machine.js';
import { onPlayoutPaused } from './overlap.js';
import { onFirstAudio, onPlayoutCut, onPlayoutPlayed, onPlayoutStarted, onSynthesisFailed } from './playout.js';
import type { TurnState } from './state.js';
import { Step } from './step.js';
import { onSttFailed } from './recogniser.js';
import { onTimer, upkeep } from './timers.js';
import { onTranscript } from './transcript.js';
import { onVoice } from './voice.js';

export interface Reduction {
  state: TurnState;
  effects: Effect[];
}

/** All turn taking of a call: pure, without a clock, without I/O. The same events give the same effects. */
export function reduce(state: TurnState, event: TurnEvent): Reduction {
  if (state.phase.name === 'ended') return { state, effects: [] };
  const step = new Step(state, event.at);
  handle(step, event);
  if (step.state !== state || event.type === 'call-started') upkeep(step);
  return { state: step.state, effects: step.effects };
}

function handle(step: Step, event: TurnEvent): void {
  switch (event.type) {
    case 'voice':
      return onVoice(step, event);
    case 'interim':
    case 'final':
      return onTranscript(step, event.text, event.type === 'final');
    case 'llm-text':
    case 'llm-tool-call':
    case 'llm-done':
    case 'llm-failed':
      return onModel(step, event);
    case 'tool-done':
      return onToolDone(step, event.gen, event);
    case 'tts-audio':
    case 'tts-failed':
    case 'playout-started':
    case 'playout-played':
    case 'playout-paused':
    case 'playout-cut':
      return onPlayout(step, event);
    default:
      return onCall(step, event);
  }
}

type ModelEvent = Extract<TurnEvent, { type: 'llm-text' | 'llm-tool-call' | 'llm-done' | 'llm-failed' }>;
type PlayoutEvent = Extract<
  TurnEvent,
  { type: 'tts-audio' | 'tts-failed' | 'playout-started' | 'playout-played' | 'playout-paused' | 'playout-cut' }
>;
type CallEvent = Exclude<TurnEvent, ModelEvent | PlayoutEvent | { type: 'voice' | 'interim' | 'final' | 'tool-done' }>;

function onModel(step: Step, event: ModelEvent): void {
  whileStreaming(step, event, (reply, model) => {
    if (event.type === 'llm-text') onModelText(step, reply, model, event.text);
    else if (event.type === 'llm-tool-call') onModelToolCall(step, reply, model, event.call);
    else if (event.type === 'llm-done') onModelDone(step, reply, model);
    else onModelFailed(step, reply, event.retryAfterMs);
  });
}

function onPlayout(step: Step, event: PlayoutEvent): void {
  switch (event.type) {
    case 'tts-audio':
      return onFirstAudio(step, event.gen, event.phrase);
    case 'tts-failed':
      return onSynthesisFailed(step, event.gen, event.phrase, event.share);
    case 'playout-started':
      return onPlayoutStarted(step, event.gen, event.phrase);
    case 'playout-played':
      return onPlayoutPlayed(step, event.gen, event.phrase);
    case 'playout-paused':
      return step.state.cut === null ? onPlayoutPaused(step, event) : onPlayoutCut(step, event);
    case 'playout-cut':
      return onPlayoutCut(step, event);
  }
}

function onCall(step: Step, event: CallEvent): void {
  switch (event.type) {
    case 'media-opened':
      return onMediaOpened(step);
    case 'stt-failed':
      return onSttFailed(step, event.workedMs);
    case 'timer':
      return onTimer(step, event.timer, event.gen);
    case 'call-ended':
      return endCall(step, event.reason, event.heard);
    case 'endpoint-predicted':
      return onPredicted(step, event.text, event.probability);
    case 'dtmf':
      return onKey(step, event.digit);
    case 'machine':
      return onMachine(step, event.order);
    case 'transfer-failed':
      return onTransferFailed(step);
    case 'call-started':
      return;
  }
}

function onKey(step: Step, digit: string): void {
  const line = digit === YES_KEY ? takeOffer(step) : null;
  if (line !== null) sayLine(step, 'goodbye', line);
  else if (onDtmf(step, digit)) commitKeys(step);
}

/** Answered, and audio flows. */
function onMediaOpened(step: Step): void {
  const { phase } = step.state;
  if (phase.name !== 'greeting' || phase.mediaOpen) return;
  openCall(step);
}

function onPredicted(step: Step, text: string, probability: number): void {
  if (step.state.semantic?.text === text) step.set({ semantic: { text, probability } });
}
