import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CarrierIssuer } from './carrier-issuer.js';
import type { FaultInjection } from './fault-injection.js';

const API_VERSION = '2026-03-12';
const POST_TIMEOUT_MS = 10_000;
/** Delays between tries. The service's own schedule is not published; six tries span about six seconds. */
const RETRY_DELAYS_MS = [200, 400, 800, 1_600, 3_200];
/** An event held back for a later one goes out after this, when none follows. */
const REORDER_MS = 1_000;

/** Where the events of one call go, and what each of them carries. */
export interface CallbackTarget {
  callbackUri: string;
  connectionId: string;
  serverCallId: string;
  correlationId: string;
  operationContext?: string | undefined;
  traceparent?: string | undefined;
}

export interface CallbackStatistics {
  delivered: number;
  retries: number;
  /** Given up after the last try. */
  undelivered: number;
}

export interface CallbackSender {
  /** Posts the events of one call in order, as long as no fault is asked for; returns at once. */
  openCall(target: CallbackTarget): CallEvents;
  /** True when an event of the call is taken within the time. */
  firstTaken(connectionId: string, atMostMs: number): Promise<boolean>;
  readonly statistics: CallbackStatistics;
  close(): void;
}

export interface CallEvents {
  /** `type` without its prefix, `data` beyond what every event of the call carries. */
  send(type: string, data?: object): void;
}

export interface CallbackSenderOptions {
  issuer: CarrierIssuer;
  faults: FaultInjection;
  log: Logger;
}

export function createCallbackSender({ issuer, faults, log }: CallbackSenderOptions): CallbackSender {
  const closing = new AbortController();
  const waiting = new Map<string, () => void>();
  const statistics: CallbackStatistics = { delivered: 0, retries: 0, undelivered: 0 };

  const post = async (target: CallbackTarget, body: string) => {
    const headers: Record<string, string> = { 'content-type': 'application/json', authorization: await issuer.authorization('callback') };
    if (target.traceparent !== undefined) headers['traceparent'] = target.traceparent;
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(POST_TIMEOUT_MS)]);
    const answer = await fetch(target.callbackUri, { method: 'POST', headers, body, signal, redirect: 'error' });
    await answer.arrayBuffer(); // frees the connection
    if (!answer.ok) throw new Error(`the callback was answered with ${answer.status}`);
  };
  const deliver = async (target: CallbackTarget, type: string, body: string) => {
    for (const waitMs of [...RETRY_DELAYS_MS, null]) {
      if (closing.signal.aborted) return;
      try {
        await post(target, body);
        statistics.delivered++;
        waiting.get(target.connectionId)?.();
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        if (waitMs === null) break;
        statistics.retries++;
        log.debug({ err: error, connectionId: target.connectionId, type }, 'a callback is tried again');
        await delay(waitMs, undefined, { ref: false });
      }
    }
    statistics.undelivered++;
    log.warn({ connectionId: target.connectionId, type }, 'a callback could not be delivered');
  };

  return {
    statistics,
    openCall: (target) => createCallEvents(target, faults, deliver),
    async firstTaken(connectionId, atMostMs) {
      const taken = new Promise<boolean>((resolve) => waiting.set(connectionId, () => resolve(true)));
      const inVain = delay(atMostMs, false, { ref: false, signal: closing.signal }).catch(() => false);
      return Promise.race([taken, inVain]).finally(() => waiting.delete(connectionId));
    },
    close: () => closing.abort(),
  };
}

type Deliver = (target: CallbackTarget, type: string, body: string) => Promise<void>;

function createCallEvents(target: CallbackTarget, faults: FaultInjection, deliver: Deliver): CallEvents {
  let inOrder: Promise<void> = Promise.resolve();
  let held: (() => void)[] = [];
  const afterwards = (post: () => Promise<void>) => void (inOrder = inOrder.then(post));
  const release = () => held.splice(0).forEach((post) => post());
  const releaseAfterNewer = () => {
    if (held.length > 0) faults.countCallback({ kind: 'reorder' });
    release();
  };

  return {
    send(type, data = {}) {
      const body = JSON.stringify([cloudEvent(target, type, data)]);
      const post = () => deliver(target, type, body);
      const fault = faults.onCallback(type);
      if (fault && fault.kind !== 'reorder') faults.countCallback(fault);
      if (fault?.kind === 'drop') return;
      if (fault?.kind === 'delay') return void delay(fault.delayMs, undefined, { ref: false }).then(post);
      if (fault?.kind === 'reorder') {
        held = [...held, () => afterwards(post)];
        return void delay(REORDER_MS, undefined, { ref: false }).then(release);
      }
      afterwards(post);
      if (fault?.kind === 'duplicate') afterwards(post);
      releaseAfterNewer();
    },
  };
}

function cloudEvent(target: CallbackTarget, type: string, data: object): object {
  const { connectionId, serverCallId, correlationId, operationContext } = target;
  const source = `calling/callConnections/${connectionId}`;
  return {
    id: randomUUID(),
    specversion: '1.0',
    time: new Date().toISOString(),
    type: `Microsoft.Communication.${type}`,
    source,
    subject: source,
    datacontenttype: 'application/json',
    data: { version: API_VERSION, callConnectionId: connectionId, serverCallId, correlationId, operationContext, ...data },
  };
}
