import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { AcsError, noSuchCall } from './acs-error.js';
import type { CallbackSender } from './callback-sender.js';
import type { PhoneNetwork } from './callee.js';
import { CarrierCall, type CallTiming, type CarrierCallOptions } from './carrier-call.js';
import type { CarrierLedger } from './carrier-ledger.js';
import { ConnectedPhones } from './connected-phones.js';
import { operationContextOf, readCreateCall, readTransfer } from './create-call-request.js';
import type { Operation } from './fault-injection.js';
import type { FrameTicker } from './frame-ticker.js';
import type { CalleeLine } from './phone-line.js';
import type { AcsAnswer } from './repeatability-store.js';

export interface CallExchangeOptions {
  network: PhoneNetwork;
  callbacks: CallbackSender;
  ledger: CarrierLedger;
  ticker: FrameTicker;
  timing: CallTiming;
  media: CarrierCallOptions['media'];
  /** Caller ids that belong to the resource; any when null. */
  callerNumbers: ReadonlySet<string> | null;
  strict: boolean;
  log: Logger;
}

/** All calls that are up, and what the service does with them. */
export class CallExchange {
  readonly #calls = new Map<string, CarrierCall>();
  /** People who were put through: no calls of the application any more. */
  readonly #connected = new Set<ConnectedPhones>();

  constructor(private readonly options: CallExchangeOptions) {}

  /** Carries out one operation. Throws an {@link AcsError}. */
  execute(operation: Operation, connectionId: string, request: IncomingMessage, body: Buffer): AcsAnswer {
    if (operation === 'createCall') return this.#create(request, body);
    const call = this.#calls.get(connectionId);
    if (!call) throw noSuchCall();
    switch (operation) {
      case 'getProperties':
        return { status: 200, body: call.properties };
      case 'listParticipants':
        return { status: 200, body: { value: call.participants } };
      case 'hangUp':
      case 'terminate':
        call.hangUp();
        return { status: 204 };
      case 'transfer':
        return this.#transfer(call, body);
      case 'startMediaStreaming':
        call.startStreaming();
        return { status: 202 };
      case 'stopMediaStreaming':
        call.stopStreaming();
        return { status: 202 };
      case 'play':
      case 'cancelAll':
        call.requireConnected(); // taken, and nothing is heard of it: the engine speaks over its media socket
        return { status: 202, body: { operationContext: operationContextOf(body) } };
    }
  }

  close(): void {
    for (const call of this.#calls.values()) call.abandon();
    this.#calls.clear();
    for (const phones of this.#connected) phones.end();
  }

  #transfer(call: CarrierCall, body: Buffer): AcsAnswer {
    const { network, ticker, log } = this.options;
    const { toE164, operationContext } = readTransfer(body);
    const agent = network.agentAt(toE164);
    const connect = (callee: CalleeLine) => {
      const onEnded = (phones: ConnectedPhones) => void this.#connected.delete(phones);
      this.#connected.add(new ConnectedPhones({ callee, agent, ticker, log, onEnded }));
    };
    call.transfer({ toE164, operationContext, agent, connect });
    return { status: 202, body: { operationContext } };
  }

  #create(request: IncomingMessage, body: Buffer): AcsAnswer {
    const { network, callerNumbers, ledger, strict } = this.options;
    const asked = readCreateCall(body, strict);
    if (callerNumbers && !callerNumbers.has(asked.callerE164))
      throw new AcsError(403, '7507', 'The caller id is no number of this resource.');
    const connectionId = randomUUID();
    const callee = network.lookUp(asked.phoneE164, { callerE164: asked.callerE164, callId: connectionId });
    const { phoneE164, callerE164, operationContext } = asked;
    ledger.accept({
      connectionId,
      personId: callee.personId,
      phoneE164,
      callerE164,
      operationContext,
      repeatabilityId: headerOf(request, 'repeatability-request-id'),
    });
    const names = { connectionId, serverCallId: Buffer.from(connectionId).toString('base64url'), correlationId: randomUUID() };
    const target = { ...names, callbackUri: asked.callbackUri, operationContext: operationContext ?? undefined };
    const events = this.options.callbacks.openCall({ ...target, traceparent: headerOf(request, 'traceparent') ?? undefined });
    const { ticker, timing, media, log } = this.options;
    const onEnded = () => void this.#calls.delete(connectionId);
    const call = new CarrierCall({ ...names, request: asked, callee, events, ledger, ticker, timing, media, log, onEnded });
    this.#calls.set(connectionId, call);
    return { status: 201, body: call.properties };
  }
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}
