import type { Claim } from '@carillon/contracts';
import { EchoGuard } from '../echo/echo-guard.js';
import { CALL_LOG_VERSION, loggedEffect, type CallLog } from '../log/call-log.js';
import type { VadStream } from '../ports.js';
import type { Effect } from '../turn/effects.js';
import type { TurnEvent } from '../turn/events.js';
import { reduce } from '../turn/reduce.js';
import type { CallSnapshot } from '../turn/snapshot.js';
import type { EndReason, TurnState } from '../turn/state.js';
import { AnswerWatch } from './answer-watch.js';
import type { CallObserver, CallStage } from './call-observer.js';
import type { CallPlan } from './call-plan.js';
import type { CallPorts } from './call-ports.js';
import { NO_CALL_STATS, statsOf, type CallStats } from './call-stats.js';
import { asError, contain, openAfter } from './contain.js';
import { EndpointerRunner } from './endpointer-runner.js';
import { InboundAudio } from './inbound-audio.js';
import { initialState, voiceOf } from './initial-state.js';
import { ModelRunner } from './model-runner.js';
import { Playout } from './playout.js';
import type { ProviderNews } from './provider-news.js';
import { SpeechQueue } from './speech-queue.js';
import { TimerSet } from './timer-set.js';
import { ToolRunner } from './tool-runner.js';
import { Transcriber } from './transcriber.js';

export interface CallSession {
  /** Inbound audio at the transport's sample rate, usually 20 ms. The session keeps the buffer. `sentAt`: when by the carrier's clock, where it tells. */
  onFrame(pcm: Int16Array, sentAt?: number | null): void;
  onTone(tone: string): void;
  /** Nobody takes over, whom the observer's `onTransfer` was to put through. Harmless where none was. */
  transferFailed(): void;
  /** The call is over for a reason from outside. Harmless when repeated. */
  end(reason: EndReason): void;
  /** Snapshot of turn taking; after the end it holds the final exchanges and agentClosed. */
  readonly state: Readonly<TurnState>;
  readonly stats: Readonly<CallStats>;
  /** Never rejects. */
  readonly ended: Promise<EndReason>;
}

/** Starts the voice loop of one call, whose media socket is open. An error in it ends this call and no other. */
export function createCallSession(options: {
  plan: CallPlan;
  ports: CallPorts;
  observer: CallObserver;
  /** Gets every event and what it led to, for a replay. */
  log?: CallLog | undefined;
  /** Where the call goes on after its line or its worker was lost. */
  snapshot?: CallSnapshot | undefined;
}): CallSession {
  const session = openAfter({ close: () => options.log?.close?.() }, () => new Session(options));
  session.start();
  return session;
}

/** Everything that must be let go of when the call ends. */
interface Parts {
  plan: CallPlan;
  ports: CallPorts;
  observer: CallObserver;
  claim: Claim;
  intake: InboundAudio;
  echo: EchoGuard;
  vad: VadStream;
  transcriber: Transcriber;
  model: ModelRunner;
  tools: ToolRunner;
  playout: Playout;
  speech: SpeechQueue;
  timers: TimerSet;
  endpointer: EndpointerRunner;
  answer: AnswerWatch;
}

/** The interpreter: runs the reducer's effects through the ports and feeds back what comes of them, with the time. */
class Session implements CallSession {
  state: TurnState;
  readonly ended: Promise<EndReason>;
  private readonly resolveEnded: (reason: EndReason) => void;
  private parts: Parts | null;
  private log: CallLog | null;
  private readonly events: TurnEvent[] = [];
  private dispatching = false;
  private framesIn = 0;
  private lastStats: CallStats = NO_CALL_STATS;

  constructor({ plan, ports, observer, log, snapshot }: Parameters<typeof createCallSession>[0]) {
    this.state = initialState(plan, ports, snapshot);
    this.log = log ?? null;
    let resolveEnded: (reason: EndReason) => void = () => undefined;
    this.ended = new Promise((resolve) => (resolveEnded = resolve));
    this.resolveEnded = resolveEnded;
    this.parts = this.createParts(plan, ports, observer);
  }

  get stats(): CallStats {
    return this.parts === null ? this.lastStats : statsOf(this.parts, this.framesIn);
  }

  start(): void {
    this.guard((parts) => {
      this.log?.append({ kind: 'call', version: CALL_LOG_VERSION, redacted: false, state: this.state });
      this.dispatch({ type: 'call-started', at: parts.ports.clock.now() });
      parts.transcriber.open();
      parts.ports.tts.warm?.(parts.ports.media.sampleRate);
    });
  }

  onFrame(pcm: Int16Array, sentAt: number | null = null): void {
    const { parts } = this;
    if (parts === null) return;
    try {
      this.framesIn += 1;
      if (this.framesIn === 1) this.dispatch({ type: 'media-opened', at: parts.ports.clock.now() });
      parts.intake.push(pcm, sentAt);
    } catch (error) {
      this.fail(error);
    }
  }

  onTone(tone: string): void {
    this.guard((parts) => this.dispatch({ type: 'dtmf', at: parts.ports.clock.now(), digit: tone }));
  }

  transferFailed(): void {
    this.guard((parts) => this.dispatch({ type: 'transfer-failed', at: parts.ports.clock.now() }));
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
    const { rules, speech: chosen } = this.state;
    const hearing = { language: rules.language, phrases: plan.phrases };
    const onNews = (news: ProviderNews): void => this.guard(() => observer.onProvider?.(news));
    const transcriber = new Transcriber({ ...hearing, stt: ports.stt, now, dispatch, onNews, onError: failing('stt') });
    const playout = new Playout(clock, media, this, (error) => this.fail(error));
    const voice = { ...voiceOf(plan, chosen), sampleRate: media.sampleRate };
    const onClaim = (claim: Claim): void => this.onClaim(claim);
    const unopened = {
      plan,
      ports,
      observer,
      claim: plan.claim,
      transcriber,
      playout,
      echo: new EchoGuard(ports.echo),
      model: new ModelRunner({ llm: ports.llm, now, dispatch, onNews, onError: failing('llm') }),
      tools: new ToolRunner({ tools: ports.tools, speechIn: plan.speechIn, now, dispatch, onClaim, onError: failing('tools') }),
      speech: new SpeechQueue({ clock, tts: ports.tts, playout, voice, dispatch, onError: failing('tts') }),
      timers: new TimerSet(clock, dispatch),
      endpointer: new EndpointerRunner({ endpointer: ports.endpointer, now, dispatch, onError: failing('endpointer') }),
      answer: this.watchAnswer(plan, ports, observer),
    };
    const intake = new InboundAudio({
      ...{ clock, sampleRate: media.sampleRate, resamplers: ports.resamplers },
      sink: (frame) => this.onIntake(frame),
      onError: (error) => this.fail(error),
    });
    const vad = openAfter(intake, () =>
      ports.vad.open((probability, windowEndAt, soundAt) => this.onWindow(probability, windowEndAt, soundAt)),
    );
    return { ...unopened, intake, vad };
  }

  private watchAnswer({ machines: rules, language }: CallPlan, { clock }: CallPorts, observer: CallObserver): AnswerWatch {
    if (rules === undefined) return new AnswerWatch(null);
    return new AnswerWatch({
      ...{ rules, language, clock, isMachine: this.state.machine !== null },
      order: (order) => this.dispatch({ type: 'machine', at: clock.now(), order }),
      onNews: (news) => observer.onAnswer?.(news),
      onError: (error) => this.fail(error),
    });
  }

  /** @internal listener of the playout */
  started(gen: number, phrase: number): void {
    this.dispatch({ type: 'playout-started', at: this.now(), gen, phrase });
  }

  /** @internal listener of the playout */
  sent(frame: Int16Array, heardAt: number): void {
    this.parts?.echo.played(frame, heardAt);
  }

  /** @internal listener of the playout */
  played(gen: number, phrase: number): void {
    this.dispatch({ type: 'playout-played', at: this.now(), gen, phrase });
  }

  private onIntake(frame: Int16Array): void {
    const { parts } = this;
    if (parts === null) return;
    const now = parts.ports.clock.now();
    parts.echo.heard(frame, now);
    parts.vad.push(frame, now);
    parts.transcriber.push(frame);
    parts.answer.hear(frame);
  }

  private onWindow(probability: number, windowEndAt: number, soundAt: number | null = null): void {
    const echo = this.parts?.echo.endWindow(windowEndAt) ?? 0;
    const sound = soundAt === null ? {} : { soundAt: this.parts?.echo.foreignSince(soundAt) };
    const voice = { type: 'voice' as const, at: this.now(), probability, windowEndAt, ...sound };
    this.dispatch(echo > 0 ? { ...voice, echo } : voice);
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
    const effects = this.reduce(event);
    for (const effect of effects) if (this.parts !== null) this.execute(this.parts, effect);
    this.parts?.answer.follow(event, this.state);
  }

  private reduce(event: TurnEvent): Effect[] {
    const { state, effects } = reduce(this.state, event);
    this.state = state;
    this.log?.append({ kind: 'event', event, effects: effects.map(loggedEffect) });
    return effects;
  }

  private execute(parts: Parts, effect: Effect): void {
    switch (effect.type) {
      case 'start-llm':
        return this.startModel(parts, effect);
      case 'run-tool':
        return parts.tools.run(effect.gen, effect.call);
      case 'speak':
        return parts.speech.speak(effect.gen, effect.phrase, effect.text);
      case 'hold-out':
        return parts.playout.hold(effect.gen);
      case 'release-out':
      case 'resume-out':
        return parts.playout.release(effect.gen);
      case 'pause-out':
        return this.pauseOut(parts, effect.gen);
      case 'clear-out':
        return this.clearOut(parts, effect.gen);
      case 'ask-endpointer':
        return parts.endpointer.ask({ text: effect.text, agentLine: effect.agentLine, language: this.state.rules.language });
      case 'cancel-gen':
        return cancelGeneration(parts, effect.gen);
      case 'arm-timer':
        return parts.timers.arm(effect.timer, effect.gen, effect.at);
      case 'cancel-timer':
        return parts.timers.cancel(effect.timer);
      case 'open-stt':
        return parts.transcriber.open();
      case 'replace-stt':
        return parts.transcriber.replace(effect.rehearFrom, effect.isBlamed);
      case 'switch-language':
        parts.transcriber.restart(effect.language, effect.rehearFrom);
        parts.observer.onLanguage?.(effect.language);
        return parts.speech.setVoice(voiceOf(parts.plan, this.state.speech));
      case 'change-rate':
        return parts.speech.setVoice(voiceOf(parts.plan, this.state.speech));
      default:
        return this.report(parts, effect);
    }
  }

  private report(
    { observer, model }: Parts,
    effect: Extract<
      Effect,
      { type: 'said' | 'revised' | 'measured' | 'interrupted' | 'callback-asked' | 'transfer' | 'noticed' | 'hang-up' }
    >,
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
      case 'callback-asked':
        return observer.onCallbackAsked?.();
      case 'transfer':
        return observer.onTransfer?.();
      case 'noticed':
        if (effect.sign.type === 'speculation') model.settleDraft(effect.sign);
        return observer.onSign?.(effect.sign);
      case 'hang-up':
        this.release(effect.reason);
        return observer.onHangUp(effect.reason);
    }
  }

  private startModel({ plan, ports, model, claim }: Parts, effect: Extract<Effect, { type: 'start-llm' }>): void {
    const messages = [{ role: 'system' as const, content: plan.systemPrompt(claim, this.state.rules.language) }, ...effect.messages];
    model.start(effect.gen, effect.request, { messages, tools: effect.withTools ? ports.tools.definitions : [] }, effect.early);
  }

  private clearOut(parts: Parts, gen: number): void {
    const allHeard = { gen, phrase: Number.MAX_SAFE_INTEGER, share: 0 };
    const position = parts.playout.cut(gen) ?? allHeard;
    this.dispatch({ type: 'playout-cut', at: this.now(), ...position });
  }

  private pauseOut(parts: Parts, gen: number): void {
    const position = parts.playout.pause(gen);
    if (position !== null) this.dispatch({ type: 'playout-paused', at: this.now(), ...position });
  }

  /** The state is taken to its end directly: this must work in the middle of another event, too. */
  private endByEvent(parts: Parts, reason: EndReason): void {
    const { agent, cut } = this.state;
    const gen = cut?.gen ?? (agent.name === 'idle' ? null : agent.reply.gen);
    const heard = gen === null ? null : parts.playout.position(gen);
    for (const effect of this.reduce({ type: 'call-ended', at: parts.ports.clock.now(), reason, heard }))
      if (effect.type === 'said' || effect.type === 'revised') this.report(parts, effect);
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
    const { timers, speech, model, tools, playout, intake, transcriber, vad, endpointer, answer, observer } = parts;
    this.lastStats = statsOf(parts, this.framesIn);
    this.parts = null;
    this.events.length = 0;
    const { log } = this;
    this.log = null;
    contain(() => log?.close?.());
    for (const part of [timers, speech, model, tools, playout, intake, transcriber, vad, endpointer, answer]) {
      contain(
        () => part.close(),
        (error) => observer.onError(error, 'session'),
      );
    }
    this.resolveEnded(reason);
  }
}

function cancelGeneration({ model, tools, speech, playout }: Parts, gen: number): void {
  model.cancel(gen);
  tools.cancel(gen);
  speech.cancel(gen);
  playout.drop(gen);
}
