import {
  createCallPlan,
  createCallSession,
  createCallTools,
  DEFAULT_RULES,
  EnvelopeEchoMeter,
  NO_CALL_STATS,
  owedOf,
  unreportedOf,
  type CallPlan,
  type CallSession,
  type CallStats,
  type EndReason,
  type LineBook,
  type MediaTransport,
  type Owed,
  type TurnState,
} from '@carillon/pipeline';
import { callLogger, within, type Logger, type Tracer } from '@carillon/platform';
import { phoneRegion, type CallContext } from '@carillon/contracts';
import type { WebSocket } from 'ws';
import type { Acceptance } from './accept-call.js';
import { createCallObserver, toDraft } from './call-observer.js';
import { conversationOutcome } from './conversation-outcome.js';
import { CLOSE_PATIENCE_MS, ConversationWriter } from './conversation-writer.js';
import type { CallLogs } from './file-call-logs.js';
import { hangUp } from './hang-up.js';
import { hasFailedBefore, keptCallOf, looksOf, turnsBefore } from './kept-call.js';
import { hangUpIfLeftOpen } from './lost-line.js';
import type { MediaMetrics } from './media-metrics.js';
import { MediaSocket, type SocketEnd } from './media-socket.js';
import type { CallProviders, KeptCall, Outside, Time } from './ports.js';
import { promiseCallback } from './promise-callback.js';
import { SnapshotKeeper } from './snapshot-keeper.js';
import { callInLanguage } from './speech-of-call.js';
import { transferCall } from './transfer-call.js';
import { startTurnSpans, type TurnSpans } from './turn-spans.js';

/** Why a call ended here. */
export type CallEnd = EndReason | Exclude<SocketEnd, 'ours'> | 'superseded' | 'moved';

/** Gives each call what is translated when it begins. */
export interface CallBooks {
  bookOfCall(): LineBook;
}

export interface CallHolder {
  outside: Outside;
  time: Time;
  providersFor(context: CallContext): CallProviders;
  /** Hears of each call at once, to make ready what will be said in it. */
  prepare?: ((context: CallContext) => void) | undefined;
  lines?: CallBooks | undefined;
  metrics: MediaMetrics;
  /** Where calls keep their logs, if anywhere. */
  callLogs?: CallLogs | undefined;
  tracer: Tracer;
  log: Logger;
  /** Aborts when the worker closes: nothing is waited for any more. */
  closing: AbortSignal;
}

/** A carrier that only lost its socket opens another one within this time. */
const RECONNECT_GRACE_MS = 5_000;
/** One that puts the person through may do so without our socket: a hang-up would end that too. */
const TRANSFER_GRACE_MS = DEFAULT_RULES.transferWaitMs;
/** The carrier waits for the handshake of the next socket: what was not written by then is lost. */
const HANDOVER_PATIENCE_MS = 2_000;
const GOING_AWAY = 1001;
/** On top of the longest that the call may last: what was said in it is kept no longer for another worker. */
const KEPT_MARGIN_MS = 10 * 60_000;
/** What the person was promised is written down before the end of the call is. */
const PROMISE_TIMEOUT_MS = 5_000;

/** One call on this worker, from its socket to its last written turn. Nothing of it is known to any other call. */
export class HeldCall {
  /** The socket is gone and the place is free. */
  readonly left: Promise<void>;
  /** Nothing more will be written. */
  readonly written: Promise<void>;
  /** All is told as well, and the phone call does not go on without us. */
  readonly done: Promise<void>;
  private readonly log: Logger;
  private readonly writer: ConversationWriter;
  private readonly socket: MediaSocket;
  private readonly spans: TurnSpans;
  private readonly startedAt: number;
  private readonly keeper: SnapshotKeeper;
  /** What the person was promised, being written down. */
  private promised: Promise<void> = Promise.resolve();
  private session: CallSession | null = null;
  private markLeft: () => void = () => undefined;
  private markWritten: () => void = () => undefined;
  private markDone: () => void = () => undefined;
  private over = false;
  /** The carrier was asked to put the person through, here or by the worker before, and has not said that nobody comes. */
  private transferOrdered: boolean;
  /** Our services failed, here or on the worker before, whoever ended the call. */
  private failed: boolean;
  /** The carrier has said that nobody comes before there was a session to hear it. */
  private isTransferRefused = false;

  constructor(
    private readonly holder: CallHolder,
    socket: WebSocket,
    private readonly acceptance: Acceptance,
  ) {
    const { outside, time, metrics, tracer } = holder;
    const { owner, context, kept } = acceptance.admission;
    this.transferOrdered = kept?.turns.handOver === 'asked';
    this.failed = hasFailedBefore(kept);
    const spoken = kept?.turns.speech?.language;
    holder.prepare?.(spoken === undefined ? context : callInLanguage(context, spoken));
    this.left = new Promise((resolve) => (this.markLeft = resolve));
    this.written = new Promise((resolve) => (this.markWritten = resolve));
    this.done = new Promise((resolve) => (this.markDone = resolve));
    this.log = callLogger(holder.log, context);
    this.startedAt = time.clock.now();
    this.spans = startTurnSpans(tracer, context.traceparent, { callId: owner.callId, epoch: owner.epoch });
    const shared = { owner, clock: time.clock, log: this.log, metrics };
    this.writer = new ConversationWriter({ ...shared, store: outside.conversations, inherited: kept?.unwritten });
    if (kept?.unwrittenClaim) this.writer.claim(context.claim);
    if (owner.epoch > 1) metrics.resumed.inc({ from: kept ? 'snapshot' : 'messages' });
    this.keeper = new SnapshotKeeper({
      ...{ ...shared, snapshots: outside.snapshots, expiryMs: context.maxCallMs + KEPT_MARGIN_MS },
      look: () => (this.session ? looksOf(this.session.state) : null),
      take: () => this.keep(),
      onFenced: () => this.finish('superseded'),
    });
    this.socket = new MediaSocket({
      socket,
      codec: outside.carrier.codec,
      clock: time.clock,
      listener: {
        opened: (transport) => this.open(transport),
        audio: (pcm, sentAt) => this.session?.onFrame(pcm, sentAt),
        tone: (tone) => this.session?.onTone(tone),
        closed: (end) => this.socketClosed(end),
        dropped: () => metrics.framesDropped.inc(),
      },
    });
    this.log.info({ epoch: owner.epoch }, 'the call is ours');
  }

  get callId(): string {
    return this.acceptance.admission.owner.callId;
  }

  get epoch(): number {
    return this.acceptance.admission.owner.epoch;
  }

  get stats(): CallStats {
    return this.session?.stats ?? NO_CALL_STATS;
  }

  /** Ends the call for a reason of the worker's. */
  end(reason: EndReason): void {
    this.finish(reason);
  }

  /** The carrier has put the person through to nobody. Harmless where that was not asked for. */
  transferFailed(): void {
    this.transferOrdered = false;
    this.isTransferRefused = this.session === null;
    this.session?.transferFailed();
  }

  /** The carrier has opened another socket for this call: once all that was said is written, that one's epoch takes over. */
  supersede(): void {
    this.finish('superseded');
  }

  /**
   * This worker stops. The carrier is sent to another one, which goes on with the call; where none takes it, the dialer's reaper hangs up: nobody waits
   * for that here.
   */
  move(): void {
    this.finish('moved');
  }

  private open(media: MediaTransport): void {
    const { outside, time, metrics, providersFor } = this.holder;
    const { context, owner, kept } = this.acceptance.admission;
    const observer = createCallObserver({
      call: { tenantId: owner.tenantId, callId: owner.callId },
      time,
      writer: this.writer,
      live: outside.live,
      metrics,
      spans: this.spans,
      log: this.log,
      onCallbackAsked: () => this.promiseCallback(),
      onTransfer: () => void this.transfer(),
      onLanguage: (language) => this.holder.prepare?.(callInLanguage(context, language)),
      onHangUp: (reason) => this.finish(reason),
    });
    try {
      const plan = planOf(this.acceptance.admission, new Date(time.wallNow()), this.holder.lines?.bookOfCall());
      const tools = createCallTools({
        ...{ fields: context.initiate.claim, claim: context.claim, region: phoneRegion(context.phoneE164) },
        requests: outside.requestsOf(owner, context.phoneE164),
        speech: context.initiate.lang,
      });
      const echo = new EnvelopeEchoMeter(media.sampleRate);
      const ports = { clock: time.clock, media, tools, echo, ...providersFor(context) };
      const { eventLog = 'off' } = plan;
      const log = eventLog === 'off' ? undefined : this.holder.callLogs?.open(owner, eventLog);
      this.session = this.spans.within(() => createCallSession({ plan, ports, observer, log, snapshot: kept?.turns }));
      if (this.isTransferRefused) this.session.transferFailed();
    } catch (error) {
      this.log.error({ err: error }, 'the session could not start');
      this.finish('internal_error');
    }
  }

  /** What another worker would go on with. */
  private keep(): KeptCall | null {
    const { session, writer, acceptance, holder } = this;
    if (session === null) return null;
    const underway = unreportedOf(session.state).map((message) => toDraft(message, holder.time));
    const now = holder.time.clock.now();
    const kept = keptCallOf(session.state, now, writer.unwritten(underway), acceptance.admission.exchangesBefore);
    return { ...kept, claim: writer.latestClaim ?? acceptance.admission.context.claim };
  }

  private promiseCallback(): void {
    const { outside, time, metrics } = this.holder;
    const { owner, context } = this.acceptance.admission;
    const requests = outside.requestsOf(owner, context.phoneE164);
    this.promised = promiseCallback({ requests, clock: time.clock, log: this.log, metrics });
  }

  private async transfer(): Promise<void> {
    const { owner, context } = this.acceptance.admission;
    const { connectionId } = this.acceptance;
    const mayOrder = () => (this.transferOrdered = !this.over);
    const transfer = { owner, connectionId, toE164: context.initiate.agent_phone_number, mayOrder };
    const { outside } = this.holder;
    if (!(await this.spans.within(() => transferCall({ ...outside, keeper: this.keeper, log: this.log }, transfer)))) this.transferFailed();
  }

  private socketClosed(end: SocketEnd): void {
    if (end === 'garbage' || end === 'too_large' || end === 'no_format' || end === 'dead') this.holder.metrics.rejects.inc({ reason: end });
    const isPutThrough = (end === 'remote' || end === 'dead') && isTransferAsked(this.session?.state);
    if (end !== 'ours') this.finish(isPutThrough ? 'handed_over' : end);
  }

  private finish(reason: CallEnd): void {
    if (this.over) return;
    this.over = true;
    const { session, socket, startedAt, holder } = this;
    const owed = session && owedOf(session.state);
    this.failed ||= reason === 'provider_failure' || isApologising(session?.state);
    session?.end(isEndReason(reason) ? reason : 'remote');
    const kept = isLineLost(reason) ? this.lastKept(owed) : null;
    if (reason !== 'moved') socket.close(reason === 'superseded' ? GOING_AWAY : undefined, reason);
    holder.metrics.ended.inc({ reason });
    holder.metrics.callClosed(this.stats);
    this.spans.end(reason);
    const { framesIn, framesOut, underruns } = this.stats;
    const durationMs = Math.round(holder.time.clock.now() - startedAt);
    this.log.info(
      { reason, durationMs, framesIn, framesOut, underruns, exchanges: session?.state.exchanges ?? 0 },
      'the call has ended here',
    );
    this.markLeft();
    this.settle(reason, kept).then(this.markDone, (error: unknown) => {
      this.log.error({ err: error }, 'the end of the call could not be settled');
      this.markDone();
    });
  }

  /** Of a line that was lost: as it was heard to its end, and what had not been heard. As it is, where nothing has begun yet. */
  private lastKept(owed: Owed | null): KeptCall | null | undefined {
    if (this.session === null) return undefined;
    const kept = this.keep();
    if (kept === null) return null;
    const turns = { ...kept.turns, ...owed };
    const wasOrdered = this.transferOrdered || this.acceptance.admission.kept?.turns.handOver === 'asked';
    const isOrderOwed = turns.handOver === 'asked' && !wasOrdered;
    return { ...kept, turns: isOrderOwed ? { ...turns, handOver: 'told' } : turns };
  }

  private async settle(reason: CallEnd, kept: KeptCall | null | undefined): Promise<void> {
    const keeping = this.keeper.end(kept);
    const settled = this.closeConversation(reason, keeping);
    if (reason === 'moved') await keeping.then(() => this.socket.close(GOING_AWAY, reason));
    else if (isLineLost(reason)) await this.hangUpIfLeftOpen(this.transferOrdered ? TRANSFER_GRACE_MS : RECONNECT_GRACE_MS);
    else if (await this.isOursOrUnknown()) await this.hangUp();
    await settled;
  }

  /** Writes the end and has the call wrapped up. Harmless twice: wrap-up takes a call once. */
  private async closeConversation(reason: CallEnd, keeping: Promise<void>): Promise<void> {
    await within(PROMISE_TIMEOUT_MS, this.promised);
    const { owner, exchangesBefore, kept } = this.acceptance.admission;
    const { conveyor } = this.holder.outside;
    const turns = this.session?.state ?? turnsBefore(kept);
    const goesOn = reason === 'superseded';
    const patienceMs = goesOn || reason === 'moved' ? HANDOVER_PATIENCE_MS : CLOSE_PATIENCE_MS;
    const outcome = {
      ...conversationOutcome(turns, { exchangesBefore, goesOn, failed: this.failed && !goesOn }),
      ...{ endsCall: !isLineLost(reason), closedAt: new Date(this.holder.time.wallNow()) },
    };
    const result = await this.writer.close(outcome, patienceMs);
    await keeping;
    this.markWritten();
    if (result !== 'written' || goesOn) return;
    // Redis may be away: then the reaper finds the call that was not wrapped up.
    await this.spans
      .within(() => conveyor.enqueue('wrap-up', { tenantId: owner.tenantId, callId: owner.callId }))
      .catch((error: unknown) => this.log.warn({ err: error }, 'the wrap-up could not be queued'));
  }

  private hangUp(): Promise<void> {
    const { owner } = this.acceptance.admission;
    return this.spans.within(() => hangUp({ ...this.holder.outside, log: this.log }, owner, this.acceptance.connectionId));
  }

  private hangUpIfLeftOpen(graceMs: number): Promise<void> {
    const { metrics, outside, closing, time } = this.holder;
    const acts = { onDropped: () => metrics.dropped.inc({ by: 'worker' }), hangUp: () => this.hangUp() };
    const around = { ...outside, clock: time.clock, log: this.log, closing };
    return hangUpIfLeftOpen({ ...around, ...acts }, this.acceptance.admission.owner, graceMs);
  }

  /** Another worker may hold the call by now. Where nobody knows: better hung up than left open. */
  private isOursOrUnknown(): Promise<boolean> {
    const { owner } = this.acceptance.admission;
    return this.holder.outside.directory.isStillOurs(owner).catch(() => true);
  }
}

/** Who has spoken with us in this call is no machine, whatever is heard after its line was lost; unless it was known as one by then. */
function planOf({ context, exchangesBefore, kept }: Acceptance['admission'], now: Date, book?: LineBook): CallPlan {
  const plan = createCallPlan(context, now, book);
  return exchangesBefore > 0 && !kept?.turns.machine ? { ...plan, machines: undefined } : plan;
}

/** The last words are said, or somebody is to take over, because our services failed: who hangs up meanwhile has not ended a conversation. */
function isApologising(turns: Pick<TurnState, 'phase'> | undefined): boolean {
  return turns?.phase.name === 'closing' && (turns.phase.reason === 'provider_failure' || turns.phase.reason === 'handed_over');
}

function isTransferAsked(turns: Pick<TurnState, 'phase'> | undefined): boolean {
  return turns?.phase.name === 'closing' && turns.phase.transfer?.name === 'asked';
}

/** The call may go on, here or elsewhere, with its next socket. */
function isLineLost(reason: CallEnd): boolean {
  return reason === 'remote' || reason === 'handed_over' || reason === 'superseded' || reason === 'moved' || reason === 'dead';
}

const SOCKET_ENDS: readonly CallEnd[] = ['garbage', 'too_large', 'no_format', 'dead', 'superseded', 'moved'];

function isEndReason(reason: CallEnd): reason is EndReason {
  return !SOCKET_ENDS.includes(reason);
}
