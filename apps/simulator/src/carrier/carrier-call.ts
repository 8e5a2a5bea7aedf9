import type { Logger } from 'pino';
import { AcsError } from './acs-error.js';
import { CALL_RESULTS, type ResultInformation } from './call-result.js';
import type { CallEvents } from './callback-sender.js';
import type { Callee, RingOutcome } from './callee.js';
import type { CarrierLedger, EndedBy } from './carrier-ledger.js';
import type { CreateCallRequest } from './create-call-request.js';
import type { FrameTicker } from './frame-ticker.js';
import { MediaLink, type MediaLinkOptions, type MediaState } from './media-link.js';
import { CalleeLine } from './phone-line.js';
import { FRAME_SAMPLES } from './playout.js';

export interface CallTiming {
  /** How long a phone rings before the network gives up. */
  noAnswerAfterMs: number;
  /** From the accepted request until the phone rings, or the network says that it will not. */
  setUpMs: number;
}

export interface CarrierCallOptions {
  connectionId: string;
  serverCallId: string;
  correlationId: string;
  request: CreateCallRequest;
  callee: Callee;
  events: CallEvents;
  ledger: CarrierLedger;
  ticker: FrameTicker;
  timing: CallTiming;
  media: Pick<MediaLinkOptions, 'issuer' | 'playoutMs' | 'resamplers'>;
  log: Logger;
  onEnded(): void;
}

export interface TransferRequest {
  toE164: string;
  operationContext: string | undefined;
  agent: Callee;
  /** Takes the person's phone over, once the agent has answered. */
  connect(callee: CalleeLine): void;
}

/** Transferring: the phone of the one who takes over rings; the person hears us until it is answered. */
type State = 'connecting' | 'connected' | 'transferring' | 'disconnected';

/** One call from createCall to CallDisconnected. */
export class CarrierCall {
  #state: State = 'connecting';
  #timers: NodeJS.Timeout[] = [];
  #leaveTicker: (() => void) | null = null;
  #line: CalleeLine | null = null;
  readonly #media: MediaLink | null;

  constructor(private readonly options: CarrierCallOptions) {
    const { request, connectionId, correlationId, media, log } = options;
    const participant = `4:${request.phoneE164}`;
    this.#media =
      request.streaming &&
      new MediaLink({
        ...media,
        streaming: request.streaming,
        connectionId,
        correlationId,
        participant,
        log,
        onState: (state) => this.#mediaChanged(state),
      });
    this.#after(options.timing.setUpMs, () => this.#guarded(() => this.#ring()));
  }

  /** CallConnectionProperties. */
  get properties(): object {
    const { connectionId, serverCallId, correlationId, request } = this.options;
    return {
      callConnectionId: connectionId,
      serverCallId,
      correlationId,
      callConnectionState: this.#state,
      targets: [this.#identifier],
      callbackUri: request.callbackUri,
      sourceCallerIdNumber: { value: request.callerE164 },
      ...(this.#media && {
        mediaStreamingSubscription: {
          id: connectionId,
          state: this.#media.active ? 'active' : 'inactive',
          subscribedContentTypes: ['audio'],
        },
      }),
    };
  }

  get participants(): object[] {
    return this.#isUp() ? [{ identifier: this.#identifier, isMuted: false, isOnHold: false }] : [];
  }

  /** Ended by the application; the service knows no call after that. */
  hangUp(): void {
    if (this.#state === 'connecting') this.#failToConnect(CALL_RESULTS.cancelled, 'application');
    else this.#disconnect(CALL_RESULTS.endedByServer, 'application');
  }

  /** Rings the other phone. What comes of it is told by an event; until then the call goes on, and cannot be transferred again. */
  transfer(request: TransferRequest): void {
    if (this.#state === 'transferring') throw new AcsError(400, '8501', 'The call is being transferred already.');
    this.requireConnected();
    this.#state = 'transferring';
    const outcome = request.agent.ring();
    const fail = (result: ResultInformation) => this.#transferFailed(request, result);
    if (outcome.kind === 'busy') return this.#after(0, () => fail(CALL_RESULTS.busy));
    if (outcome.kind === 'invalid') return this.#after(0, () => fail(CALL_RESULTS.invalidNumber));
    if (outcome.kind === 'network-fault') return this.#after(0, () => fail(CALL_RESULTS.networkFault));
    if (outcome.kind === 'decline') return this.#after(outcome.afterMs, () => fail(CALL_RESULTS.declined));
    const { noAnswerAfterMs } = this.options.timing;
    if (outcome.kind === 'no-answer' || outcome.afterMs >= noAnswerAfterMs)
      return this.#after(noAnswerAfterMs, () => fail(CALL_RESULTS.noAnswer));
    this.#after(outcome.afterMs, () => this.#putThrough(request));
  }

  startStreaming(): void {
    this.requireConnected();
    if (!this.#media) throw new AcsError(400, '8500', 'The call was made without media streaming.');
    this.#media.open();
  }

  stopStreaming(): void {
    this.requireConnected();
    this.#media?.close();
    this.#sendStreaming('MediaStreamingStopped', 'mediaStreamingStopped', 'subscriptionStopped', CALL_RESULTS.succeeded);
  }

  /** Throws the service's error for an operation that needs a talking callee. */
  requireConnected(): void {
    if (!this.#isUp()) throw new AcsError(400, '8501', 'The call is not established.');
  }

  /** The process goes down: no event, no parting word. */
  abandon(): void {
    this.#state = 'disconnected';
    this.#release();
    this.#media?.terminate();
  }

  get #identifier(): object {
    return identifierOf(this.options.request.phoneE164);
  }

  #transferFailed({ operationContext }: TransferRequest, resultInformation: ResultInformation): void {
    this.#state = 'connected';
    this.#send('CallTransferFailed', { operationContext, resultInformation });
  }

  /** The person is no longer with us: the call ends for the application, and their phone stays where it is. */
  #putThrough({ toE164, operationContext, connect }: TransferRequest): void {
    const line = this.#line;
    this.#line = null;
    const parties = { transferTarget: identifierOf(toE164), transferee: this.#identifier };
    this.#send('CallTransferAccepted', { operationContext, ...parties, resultInformation: CALL_RESULTS.succeeded });
    this.#send('ParticipantsUpdated', { sequenceNumber: 2, participants: [] });
    this.#disconnect(CALL_RESULTS.transferred, 'application');
    if (line) connect(line);
  }

  #ring(): void {
    const outcome = this.options.callee.ring();
    if (outcome.kind === 'busy') return this.#failToConnect(CALL_RESULTS.busy);
    if (outcome.kind === 'invalid') return this.#failToConnect(CALL_RESULTS.invalidNumber);
    if (outcome.kind === 'network-fault') return this.#failToConnect(CALL_RESULTS.networkFault);
    this.#letRing(outcome);
  }

  #letRing(outcome: Extract<RingOutcome, { kind: 'answer' | 'no-answer' | 'decline' }>): void {
    this.options.ledger.ringing(this.options.connectionId);
    this.#after(this.options.timing.noAnswerAfterMs, () => this.#failToConnect(CALL_RESULTS.noAnswer));
    if (outcome.kind === 'answer') this.#after(outcome.afterMs, () => this.#answer());
    if (outcome.kind === 'decline') this.#after(outcome.afterMs, () => this.#failToConnect(CALL_RESULTS.declined, 'callee'));
  }

  #answer(): void {
    const { request, callee, ledger, ticker, connectionId } = this.options;
    this.#clearTimers();
    this.#state = 'connected';
    ledger.answered(connectionId);
    this.#send('CallConnected', { resultInformation: CALL_RESULTS.succeeded });
    this.#send('ParticipantsUpdated', { sequenceNumber: 1, participants: this.participants });
    const line = new CalleeLine({
      tone: (tone) => this.#media?.sendTone(tone),
      hungUp: () => this.#disconnect(CALL_RESULTS.endedByCallee, 'callee'),
    });
    this.#line = line;
    if (request.streaming?.startAtOnce) this.#media?.open();
    this.#guarded(() => callee.connect(line));
    // the callee may have hung up at once
    if (this.#isUp()) this.#leaveTicker = ticker.join(() => this.#guarded(() => this.#frame(line)));
  }

  #frame(line: CalleeLine): void {
    const speech = line.nextSpeech();
    this.#media?.sendFrame(speech);
    line.play(this.#media?.nextFrame() ?? new Int16Array(FRAME_SAMPLES));
  }

  /** A callee whose code fails loses its call, and nobody else's. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.options.log.error({ err: error, connectionId: this.options.connectionId }, 'a callee failed');
      this.#failToConnect(CALL_RESULTS.networkFault);
      this.#disconnect(CALL_RESULTS.mediaPathLost);
    }
  }

  #failToConnect(result: ResultInformation, endedBy: EndedBy = 'network'): void {
    if (this.#state !== 'connecting') return;
    this.#send('CreateCallFailed', { resultInformation: result });
    this.#disconnect(result, endedBy);
  }

  #disconnect(result: ResultInformation, endedBy: EndedBy = 'network'): void {
    if (this.#state === 'disconnected') return;
    this.#state = 'disconnected';
    this.#release();
    this.#media?.close();
    const { ledger, connectionId, callee } = this.options;
    ledger.ended(connectionId, callee.personId, { result, endedBy }, this.#media?.statistics ?? null);
    this.#send('CallDisconnected', { resultInformation: result });
    this.options.onEnded();
  }

  #release(): void {
    this.#clearTimers();
    this.#leaveTicker?.();
    this.#leaveTicker = null;
    try {
      this.#line?.end();
    } catch (error) {
      this.options.log.error({ err: error, connectionId: this.options.connectionId }, 'a callee failed to put down the phone');
    }
  }

  #mediaChanged(state: MediaState): void {
    if (!this.#isUp()) return;
    if (state.kind === 'started') {
      const detail = state.again ? 'streamConnectionReestablished' : 'subscriptionStarted';
      return this.#sendStreaming('MediaStreamingStarted', 'mediaStreamingStarted', detail, CALL_RESULTS.succeeded);
    }
    const result = state.detail === 'streamConnectionInterrupted' ? CALL_RESULTS.streamingFailed : CALL_RESULTS.streamUrlFailed;
    this.#sendStreaming('MediaStreamingFailed', 'mediaStreamingFailed', state.detail, result);
  }

  #sendStreaming(
    type: string,
    mediaStreamingStatus: string,
    mediaStreamingStatusDetails: string,
    resultInformation: ResultInformation,
  ): void {
    const mediaStreamingUpdate = { contentType: 'audio', mediaStreamingStatus, mediaStreamingStatusDetails };
    this.#send(type, { mediaStreamingUpdate, resultInformation });
  }

  #send(type: string, data: object): void {
    this.options.events.send(type, data);
  }

  #isUp(): boolean {
    return this.#state === 'connected' || this.#state === 'transferring';
  }

  #after(delayMs: number, run: () => void): void {
    this.#timers.push(setTimeout(run, delayMs));
  }

  #clearTimers(): void {
    this.#timers.splice(0).forEach((timer) => clearTimeout(timer));
  }
}

function identifierOf(phoneE164: string): object {
  return { kind: 'phoneNumber', rawId: `4:${phoneE164}`, phoneNumber: { value: phoneE164 } };
}
