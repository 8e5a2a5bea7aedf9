import type { AnsweringMachineRules } from '@carillon/contracts';
import type { AnswerFact } from '../answering-machine/answer-facts.js';
import {
  createAnswerState,
  createMachineState,
  detectAnsweringMachine,
  nextAnswerLookAt,
  type AnswerState,
  type AnswerVerdict,
} from '../answering-machine/answering-machine-detector.js';
import { machineAction, type AnswerAction } from '../answering-machine/machine-action.js';
import { ToneDetector, type LineTone } from '../answering-machine/tone-detector.js';
import { isEchoOf } from '../policies/echo.js';
import type { Clock, Ms, TimerHandle } from '../ports.js';
import type { TurnEvent } from '../turn/events.js';
import type { MachineOrder } from '../turn/machine.js';
import { spokenLately } from '../turn/overlap.js';
import type { TurnState } from '../turn/state.js';

/** What is found out about who answered. Times count from the start of media. */
export type AnswerNews =
  /** Told once: as soon as it is final, or with the end of the call. */
  | ({ type: 'verdict' } & Pick<AnswerVerdict, 'kind' | 'confidence' | 'because' | 'decidedAt'>)
  | { type: 'tone'; tone: LineTone }
  /** What was done about a machine. */
  | { type: 'machine'; action: Exclude<AnswerAction['do'], 'go_on' | 'keep_speaking'>; at: Ms };

export interface AnswerWatchOptions {
  rules: AnsweringMachineRules;
  language: string;
  /** A machine has answered before the line was lost. */
  isMachine: boolean;
  clock: Clock;
  order(order: MachineOrder): void;
  onNews(news: AnswerNews): void;
  onError(error: unknown): void;
}

const FRAME_MS = 20;
/** Fewer words than turn taking needs to drop them: here nothing is lost but a hint, and "press 9" is one. */
const MIN_ECHO_UNITS = 2;
/** Frames come in bursts, and a tone is measured by its length: it is timed by the frames themselves, unless so much of the line was lost. */
const LOST_MS = 100;

/**
 * Listens beside the greeting for a machine: tells the detector what the call's events and frames mean for it, and turn taking what to do. As long
 * as it is not sure it orders nothing, so no person waits for it. It ends with a final verdict that is no machine, or with the call.
 */
export class AnswerWatch {
  private readonly tones = new ToneDetector(16_000);
  private answer: AnswerState;
  /** Null before the first frame. */
  private mediaStartedAt: Ms | null = null;
  private framesHeardAt: Ms | null = null;
  private voiced = false;
  private spoke = false;
  private messageStartedAt: Ms | null = null;
  private ordered: 'keep_silent' | 'leave_message' | null = null;
  /** An order that turn taking has not seen yet. */
  private pending = false;
  private timer: { at: Ms; handle: TimerHandle } | null = null;

  constructor(private options: AnswerWatchOptions | null) {
    this.answer = options?.isMachine ? createMachineState() : createAnswerState();
  }

  /** A frame of 20 ms at 16 kHz. */
  hear(frame: Int16Array): void {
    if (this.options === null || this.mediaStartedAt === null) return;
    const arrivedAt = this.now(this.options);
    const expectedAt = this.framesHeardAt === null ? arrivedAt : this.framesHeardAt + FRAME_MS;
    this.framesHeardAt = Math.abs(arrivedAt - expectedAt) > LOST_MS ? arrivedAt : expectedAt;
    const tone = this.tones.push(frame, this.framesHeardAt);
    if (tone === null) return;
    this.options.onNews({ type: 'tone', tone });
    this.tell([{ kind: 'tone', at: arrivedAt, tone }]);
  }

  /** After each event of the call, with the state that it led to. */
  follow(event: TurnEvent, state: TurnState): void {
    if (this.options === null) return;
    if (event.type === 'media-opened') this.mediaStartedAt ??= event.at;
    if (event.type === 'machine') this.pending = false;
    if (this.mediaStartedAt === null) return;
    const startedAt = this.mediaStartedAt;
    const facts = [...this.voice(event, state, startedAt), ...this.agent(event, state, startedAt), ...this.text(event, state, startedAt)];
    const begins = event.type === 'media-opened' && this.options.isMachine;
    if (facts.length > 0 || event.type === 'machine' || begins) this.tell(facts);
  }

  /** The call is over. */
  close(): void {
    const { options } = this;
    if (options === null) return;
    this.stop();
    if (this.mediaStartedAt !== null && !this.answer.verdict.final) tellVerdict(options, this.answer.verdict);
  }

  private voice(event: TurnEvent, { user, background }: TurnState, startedAt: Ms): AnswerFact[] {
    const voiced = user.name === 'speaking' || background !== null;
    if (voiced === this.voiced) return [];
    this.voiced = voiced;
    if (user.name === 'speaking') return [{ kind: 'voice', at: Math.max(0, user.stretchAt - startedAt), speaking: true }];
    const at = user.name === 'trailing' ? user.lastVoicedAt : event.at;
    return [{ kind: 'voice', at: at - startedAt, speaking: voiced }];
  }

  private agent(event: TurnEvent, { agent }: TurnState, startedAt: Ms): AnswerFact[] {
    const speaks = agent.name === 'speaking';
    const firstWordsAt = speaks && agent.reply.kind === 'message' ? agent.reply.phrases[0]?.startedAt : undefined;
    this.messageStartedAt = firstWordsAt === undefined ? null : firstWordsAt - startedAt;
    if (speaks === this.spoke) return [];
    this.spoke = speaks;
    return [{ kind: 'agent', at: event.at - startedAt, speaking: speaks }];
  }

  /** Our own words, come back over a loudspeaker, tell nothing of who listens. */
  private text(event: TurnEvent, state: TurnState, startedAt: Ms): AnswerFact[] {
    if (this.options === null || (event.type !== 'interim' && event.type !== 'final')) return [];
    if (state.hearing.own || isEchoOf(event.text, spokenLately(state, event.at), MIN_ECHO_UNITS)) return [];
    const kind = event.type === 'interim' ? 'partial' : 'final';
    return [{ kind, at: event.at - startedAt, text: event.text, language: this.options.language }];
  }

  private tell(facts: readonly AnswerFact[]): void {
    const { options } = this;
    if (options === null) return;
    const undecided = !this.answer.verdict.final;
    for (const fact of facts) this.answer = detectAnsweringMachine(this.answer, fact);
    const { verdict } = this.answer;
    if (undecided && verdict.final) tellVerdict(options, verdict);
    if (verdict.final && verdict.kind !== 'machine') return this.stop();
    const action = machineAction(this.answer, options.rules, this.messageStartedAt);
    this.lookAgain(options, action);
    this.act(options, action);
  }

  private act({ order, onNews }: AnswerWatchOptions, action: AnswerAction): void {
    if (this.pending || action.do === 'go_on' || action.do === 'keep_speaking') return;
    // it is asked for already, and nothing of it is heard yet
    if (this.ordered === action.do && this.messageStartedAt === null) return;
    this.ordered = action.do === 'hang_up' ? null : action.do;
    this.pending = true;
    if (action.do === 'hang_up') this.stop();
    onNews({ type: 'machine', action: action.do, at: this.answer.heard.now });
    order(action.do === 'leave_message' ? { do: 'leave_message', message: action.message } : { do: action.do });
  }

  /** One timer, for the next moment at which the clock alone could change something. */
  private lookAgain({ clock }: AnswerWatchOptions, action: AnswerAction): void {
    const looks = [nextAnswerLookAt(this.answer), action.do === 'keep_silent' ? action.until : null].filter((at) => at !== null);
    const at = looks.length === 0 ? null : Math.min(...looks) + (this.mediaStartedAt ?? 0);
    if (at === (this.timer?.at ?? null)) return;
    this.timer?.handle.cancel();
    this.timer = at === null ? null : { at, handle: clock.setTimer(at, () => this.look(at)) };
  }

  private look(at: Ms): void {
    const { options } = this;
    this.timer = null;
    if (options === null) return;
    try {
      this.tell([{ kind: 'time', at: Math.max(at - (this.mediaStartedAt ?? 0), this.now(options)) }]);
    } catch (error) {
      options.onError(error);
    }
  }

  private now({ clock }: AnswerWatchOptions): Ms {
    return clock.now() - (this.mediaStartedAt ?? 0);
  }

  private stop(): void {
    this.timer?.handle.cancel();
    this.timer = null;
    this.options = null;
  }
}

function tellVerdict({ onNews }: AnswerWatchOptions, { kind, confidence, because, decidedAt }: AnswerVerdict): void {
  onNews({ type: 'verdict', kind, confidence, because, decidedAt });
}
