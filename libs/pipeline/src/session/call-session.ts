import type { Claim, LatencyLedger } from '@carillon/contracts';
import type { Clock, LlmProvider, MediaTransport, SttProvider, ToolExecutor, TtsProvider, VadEngine, VadStream } from '../ports.js';
import type { Effect, SaidMessage } from '../turn/effects.js';
import type { TurnEvent } from '../turn/events.js';
import { reduce } from '../turn/reduce.js';
import { DEFAULT_RULES } from '../turn/rules.js';
import { createTurnState, type EndReason, type TurnState } from '../turn/state.js';
import type { CallPlan } from './call-plan.js';
import { FrameIntake } from './frame-intake.js';
import { ModelRunner } from './model-runner.js';
import { Playout } from './playout.js';
import { SpeechQueue } from './speech-queue.js';
import { TimerSet } from './timer-set.js';
import { ToolRunner } from './tool-runner.js';
import { Transcriber } from './transcriber.js';

/** What a session works with. It opens streams on them and closes those; the providers themselves belong to the caller. */
export interface CallPorts {
  clock: Clock;
  media: MediaTransport;
  vad: VadEngine;
  stt: SttProvider;
  llm: LlmProvider;
  tts: TtsProvider;
  tools: ToolExecutor;
}

export type CallStage = 'stt' | 'llm' | 'tts' | 'tools' | 'session';

/** Hears what comes of a call. Its methods must not block; what they throw ends the call. */
export interface CallObserver {
  /** A message of the transcript, in order; of the agent's only what was heard. */
  onSaid(message: SaidMessage): void;
  /** The final transcript of a message that was reported already says something else. */
  onRevised(id: number, content: string): void;
  onClaim(claim: Claim): void;
  /** The first frame of an answer is on the socket. */
  onReply(ledger: LatencyLedger): void;
  /** The person stopped the agent. */
  onInterruption(): void;
  /** A provider failed, or the session itself (`session`: the call ends). */
  onError(error: Error, stage: CallStage): void;
  /** The session has ended the call and expects the caller to hang up. Not called after `end`. */
  onHangUp(reason: EndReason): void;
}

export interface CallSession {
  /** Inbound audio at the transport's sample rate, usually 20 ms. The session keeps the buffer. */
  onFrame(pcm: Int16Array): void;
  onTone(tone: string): void;
  /** The call is over for a reason from outside. Harmless when repeated. */
  end(reason: EndReason): void;
  /** Snapshot of turn taking; after the end it holds the final exchanges and agentClosed. */
  readonly state: Readonly<TurnState>;
  readonly stats: Readonly<CallStats>;
  /** Never rejects. */
  readonly ended: Promise<EndReason>;
}

export interface CallStats {
  framesIn: number;
  framesOut: number;
  /** Times that a phrase ran dry in its middle: synthesis slower than speech. */
  underruns: number;
}

/** Starts the voice loop of one call, whose media socket is open. An error in it ends this call and no other. */
export function createCallSession(options: { plan: CallPlan; ports: CallPorts; observer: CallObserver }): CallSession {
  const session = new Session(options.plan, options.ports, options.observer);
  session.start();
  return session;
}

/** Everything that must be let go of when the call ends. */
interface Parts {
  plan: CallPlan;
  ports: CallPorts;
  observer: CallObserver;
  claim: Claim;
  intake: FrameIntake;
  vad: VadStream;
  transcriber: Transcriber;
  model: ModelRunner;
  tools: ToolRunner;
  playout: Playout;
  speech: SpeechQueue;
  timers: TimerSet;
}

/** The interpreter: runs the reducer's effects through the ports and feeds back what comes of them, with the time. */
class Session implements CallSession {
  state: TurnState;
  readonly ended: Promise<EndReason>;
  private readonly resolveEnded: (reason: EndReason) => void;
  private parts: Parts | null;
  private readonly events: TurnEvent[] = [];
  private dispatching = false;
  private framesIn = 0;
  private lastStats = { framesOut: 0, underruns: 0 };

  constructor(plan: CallPlan, ports: CallPorts, observer: CallObserver) {
    const rules = { ...DEFAULT_RULES, ...plan.rules, lines: plan.lines, maxCallMs: plan.maxCallMs, sttFinalMs: ports.stt.finalP99Ms };
    this.state = createTurnState(rules, plan.history, ports.clock.now());
    let resolveEnded: (reason: EndReason) => void = () => undefined;
    this.ended = new Promise((resolve) => (resolveEnded = resolve));
    this.resolveEnded = resolveEnded;
    this.parts = this.createParts(plan, ports, observer);
  }

  get stats(): CallStats {
    const { framesSent: framesOut, underruns } = this.parts?.playout ?? { framesSent: this.lastStats.framesOut, ...this.lastStats };
    return { framesIn: this.framesIn, framesOut, underruns };
  }

  start(): void {
    this.guard((parts) => {
      this.dispatch({ type: 'call-started', at: parts.ports.clock.now() });
      parts.transcriber.open();
      parts.ports.tts.warm?.();
    });
  }

  onFrame(pcm: Int16Array): void {
    const { parts } = this;
    if (parts === null) return;
    try {
      this.framesIn += 1;
      if (this.framesIn === 1) this.dispatch({ type: 'media-opened', at: parts.ports.clock.now() });
      parts.intake.push(pcm);
    } catch (error) {
      this.fail(error);
    }
  }

  onTone(tone: string): void {
    this.guard((parts) => this.dispatch({ type: 'tone', at: parts.ports.clock.now(), tone }));
  }

  end(reason: EndReason): void {
    this.guard((parts) => {
      this.endByEvent(parts, reason);
      this.release(reason);
    });
  }

  private createParts(plan: CallPlan, ports: CallPorts, observer: CallObserver): Parts {
    const { clock, media } = ports;
    const now = (): number => clock.now();
    const dispatch = (event: TurnEvent): void => this.dispatch(event);
    const failing = (stage: CallStage) => (error: Error) => this.parts?.observer.onError(error, stage);
    const vad = ports.vad.open((probability, windowEndAt) => this.dispatch({ type: 'voice', at: clock.now(), probability, windowEndAt }));
    const transcriber = new Transcriber({ ...plan, stt: ports.stt, now, dispatch, onError: failing('stt') });
    const playout = new Playout(clock, media, this, (error) => this.fail(error));
    const { voice: name, language, style, rate } = plan;
    const voice = { voice: name, language, style, rate, sampleRate: media.sampleRate };
    const onClaim = (claim: Claim): void => this.onClaim(claim);
    return {
      plan,
      ports,
      observer,
      claim: plan.claim,
      vad,
      transcriber,
      playout,
      intake: new FrameIntake(media.sampleRate, (frame) => this.onIntake(frame)),
      model: new ModelRunner({ llm: ports.llm, now, dispatch, onError: failing('llm') }),
      tools: new ToolRunner({ tools: ports.tools, now, dispatch, onClaim, onError: failing('tools') }),
      speech: new SpeechQueue({ clock, tts: ports.tts, playout, voice, dispatch, onError: failing('tts') }),
      timers: new TimerSet(clock, dispatch),
    };
  }

  /** @internal listener of the playout */
  started(gen: number, phrase: number): void {
    this.dispatch({ type: 'playout-started', at: this.now(), gen, phrase });
  }

  /** @internal listener of the playout */
  played(gen: number, phrase: number): void {
    this.dispatch({ type: 'playout-played', at: this.now(), gen, phrase });
  }

  private onIntake(frame: Int16Array): void {
    const { parts } = this;
    if (parts === null) return;
    parts.vad.push(frame, parts.ports.clock.now());
    parts.transcriber.push(frame);
  }

  private onClaim(claim: Claim): void {
    this.guard((parts) => {
      parts.claim = claim;
      parts.observer.onClaim(claim);
    });
  }

  private now(): number {
    return this.parts?.ports.clock.now() ?? 0;
  }

  /** Events that effects give rise to wait until the event before them is through. */
  private dispatch(event: TurnEvent): void {
    this.events.push(event);
    if (this.dispatching) return;
    this.dispatching = true;
    try {
      for (let next = this.events.shift(); next !== undefined; next = this.events.shift()) this.apply(next);
    } catch (error) {
      this.fail(error);
    } finally {
      this.dispatching = false;
    }
  }

  private apply(event: TurnEvent): void {
    if (this.parts === null) return;
    const { state, effects } = reduce(this.state, event);
    this.state = state;
    for (const effect of effects) if (this.parts !== null) this.execute(this.parts, effect);
  }

  private execute(parts: Parts, effect: Effect): void {
    switch (effect.type) {
      case 'start-llm':
        return this.startModel(parts, effect);
      case 'run-tool':
        return parts.tools.run(effect.gen, effect.call);
      case 'speak':
        return parts.speech.speak(effect.gen, effect.phrase, effect.text);
      case 'clear-out':
        return this.clearOut(parts, effect.gen);
      case 'cancel-gen':
        return cancelGeneration(parts, effect.gen);
      case 'arm-timer':
        return parts.timers.arm(effect.timer, effect.gen, effect.at);
      case 'cancel-timer':
        return parts.timers.cancel(effect.timer);
      case 'open-stt':
        return parts.transcriber.open();
      default:
        return this.report(parts, effect);
    }
  }

  private report(
    { observer }: Parts,
    effect: Extract<Effect, { type: 'said' | 'revised' | 'measured' | 'interrupted' | 'hang-up' }>,
  ): void {
    switch (effect.type) {
      case 'said':
        return observer.onSaid(effect.message);
      case 'revised':
        return observer.onRevised(effect.id, effect.content);
      case 'measured':
        return observer.onReply(effect.ledger);
      case 'interrupted':
        return observer.onInterruption();
      case 'hang-up':
        this.release(effect.reason);
        return observer.onHangUp(effect.reason);
    }
  }

  private startModel({ plan, ports, model, claim }: Parts, effect: Extract<Effect, { type: 'start-llm' }>): void {
    const messages = [{ role: 'system' as const, content: plan.systemPrompt(claim) }, ...effect.messages];
    model.start(effect.gen, effect.request, { messages, tools: effect.withTools ? ports.tools.definitions : [] });
  }

  private clearOut(parts: Parts, gen: number): void {
    const allHeard = { gen, phrase: Number.MAX_SAFE_INTEGER, share: 0 };
    const position = parts.playout.cut(gen) ?? allHeard;
    this.dispatch({ type: 'playout-cut', at: this.now(), ...position });
  }

  /** The state is taken to its end directly: this must work in the middle of another event, too. */
  private endByEvent(parts: Parts, reason: EndReason): void {
    const { agent, cut } = this.state;
    const gen = cut?.gen ?? (agent.name === 'idle' ? null : agent.reply.gen);
    const heard = gen === null ? null : parts.playout.position(gen);
    const { state, effects } = reduce(this.state, { type: 'call-ended', at: parts.ports.clock.now(), reason, heard });
    this.state = state;
    for (const effect of effects) if (effect.type === 'said' || effect.type === 'revised') this.report(parts, effect);
  }

  private guard(action: (parts: Parts) => void): void {
    const { parts } = this;
    if (parts === null) return;
    try {
      action(parts);
    } catch (error) {
      this.fail(error);
    }
  }

  /** The error boundary: whatever was thrown in this call ends this call. */
  private fail(error: unknown): void {
    const { parts } = this;
    if (parts === null) return;
    const { observer } = parts;
    contain(() => observer.onError(asError(error), 'session'));
    contain(() => this.endByEvent(parts, 'internal_error'));
    this.release('internal_error');
    contain(() => observer.onHangUp('internal_error'));
  }

  /** Lets go of everything, so that a provider that keeps a listener keeps nothing of the call. */
  private release(reason: EndReason): void {
    const { parts } = this;
    if (parts === null) return;
    const { timers, speech, model, tools, playout, transcriber, vad, observer } = parts;
    this.lastStats = { framesOut: playout.framesSent, underruns: playout.underruns };
    this.parts = null;
    this.events.length = 0;
    for (const part of [timers, speech, model, tools, playout, transcriber, vad]) {
      contain(
        () => part.close(),
        (error) => observer.onError(error, 'session'),
      );
    }
    this.resolveEnded(reason);
  }
}

/** Keeps a second error away from other calls while this one ends. Only the first is told: it is the cause, and there is nobody else to tell. */
function contain(action: () => void, onError?: (error: Error) => void): void {
  try {
    action();
  } catch (error) {
    if (onError !== undefined) contain(() => onError(asError(error)));
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function cancelGeneration({ model, tools, speech, playout }: Parts, gen: number): void {
  model.cancel(gen);
  tools.cancel(gen);
  speech.cancel(gen);
  playout.drop(gen);
}
