import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResamplerEngine } from '@carillon/providers/resampling';
import type { Logger } from 'pino';
import { AcsError, invalidArgument } from './acs-error.js';
import { matchRoute } from './acs-routes.js';
import { CallExchange } from './call-exchange.js';
import { createCallbackSender, type CallbackStatistics } from './callback-sender.js';
import type { PhoneNetwork } from './callee.js';
import { createCarrierIssuer, type CarrierIssuer } from './carrier-issuer.js';
import { CarrierLedger } from './carrier-ledger.js';
import { DroppedConnection, FaultInjection, type FaultRule } from './fault-injection.js';
import { FrameTicker } from './frame-ticker.js';
import { RepeatabilityStore, type AcsAnswer } from './repeatability-store.js';
import { readBody } from './request-body.js';
import { checkSignature } from './request-signature.js';

export interface CarrierOptions {
  network: PhoneNetwork;
  /** base64, as in the connection string. */
  accessKey: string;
  /** `iss` and `aud` of the tokens that the carrier signs. */
  issuer: string;
  audience: string;
  log: Logger;
  /** Caller ids that belong to the resource; any when left out. */
  callerNumbers?: readonly string[];
  noAnswerAfterMs?: number;
  setUpMs?: number;
  /** How long a repeatability id is remembered. */
  repeatabilityWindowMs?: number;
  playoutMs?: number;
  /** For calls at 24 kHz: the phones speak 16. */
  resamplers: ResamplerEngine;
  /** Refuses http and ws everywhere, as the real service does. */
  strict?: boolean;
  faults?: { rules: readonly FaultRule[]; seed?: string };
  /** Epoch milliseconds. */
  now?: () => number;
}

export interface CarrierSimulator {
  /** Takes the request when its path is the carrier's; false when it is not. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  readonly ledger: CarrierLedger;
  readonly faults: FaultInjection;
  readonly repeatability: RepeatabilityStore;
  readonly callbacks: CallbackStatistics;
  /** Drops every call without a word. */
  close(): void;
}

const NO_ANSWER_AFTER_MS = 25_000;
const SET_UP_MS = 200;
const REPEATABILITY_WINDOW_MS = 5 * 60_000;
const PLAYOUT_MS = 30_000;
const PREFIX = '/calling/';

/** ACS Call Automation at protocol level: what the unmodified SDK needs, with simulated people at the far end. */
export function createCarrier(options: CarrierOptions): CarrierSimulator {
  const { network, log, now = Date.now } = options;
  const issuer = createCarrierIssuer({ issuer: options.issuer, audience: options.audience, now });
  const faults = new FaultInjection(options.faults?.rules, options.faults?.seed);
  const ledger = new CarrierLedger(now);
  const callbacks = createCallbackSender({ issuer, faults, log });
  const ticker = new FrameTicker();
  const exchange = new CallExchange({
    network,
    callbacks,
    ledger,
    ticker,
    timing: { noAnswerAfterMs: options.noAnswerAfterMs ?? NO_ANSWER_AFTER_MS, setUpMs: options.setUpMs ?? SET_UP_MS },
    media: { issuer, playoutMs: options.playoutMs ?? PLAYOUT_MS, resamplers: options.resamplers },
    callerNumbers: options.callerNumbers ? new Set(options.callerNumbers) : null,
    strict: options.strict ?? false,
    log,
  });
  const repeatability = new RepeatabilityStore({ windowMs: options.repeatabilityWindowMs ?? REPEATABILITY_WINDOW_MS, now });

  const answer = async (request: IncomingMessage): Promise<AcsAnswer> => {
    const url = new URL(request.url ?? '', 'http://carrier.invalid');
    const published = await publicAnswer(request, url.pathname, options.issuer, issuer);
    if (published) return published;
    const body = await readBody(request);
    checkSignature(request, body, options.accessKey, now());
    if (!url.searchParams.get('api-version')) throw invalidArgument('The query parameter api-version is required.');
    const route = matchRoute(request.method ?? '', url.pathname);
    if (route === 'not-emulated') throw new AcsError(501, '8520', 'This operation is not emulated.');
    if (route === null) throw new AcsError(404, '8522', 'There is no such operation.');
    const { operation, connectionId } = route;
    const execute = () => Promise.resolve().then(() => exchange.execute(operation, connectionId, request, body));
    const told = ({ body: call }: AcsAnswer, atMostMs: number) => callbacks.firstTaken(connectionIdOf(call), atMostMs);
    return faults.run(operation, () => repeatability.once(request, body, execute), told);
  };

  return {
    handle(request, response) {
      if (!(request.url ?? '').startsWith(PREFIX)) return false;
      answer(request)
        .catch((error: unknown) => failureAnswer(error, log))
        .then((result) => (result ? send(response, result) : request.socket.destroy()))
        .catch((error: unknown) => log.error({ err: error }, 'an answer could not be sent'));
      return true;
    },
    ledger,
    faults,
    repeatability,
    callbacks: callbacks.statistics,
    close() {
      exchange.close();
      callbacks.close();
      ticker.stop();
    },
  };
}

function connectionIdOf(call: object | undefined): string {
  return call && 'callConnectionId' in call && typeof call.callConnectionId === 'string' ? call.callConnectionId : '';
}

/** What the issuer publishes, for everybody to read. */
async function publicAnswer(request: IncomingMessage, path: string, issuer: string, keys: CarrierIssuer): Promise<AcsAnswer | null> {
  if (request.method !== 'GET') return null;
  if (path === '/calling/keys') return { status: 200, body: await keys.keys() };
  if (path !== '/calling/.well-known/acsopenidconfiguration') return null;
  const jwksUri = `http://${request.headers.host ?? ''}/calling/keys`;
  return { status: 200, body: { issuer, jwks_uri: jwksUri, id_token_signing_alg_values_supported: ['RS256'] } };
}

/** Null breaks the connection. */
function failureAnswer(error: unknown, log: Logger): AcsAnswer | null {
  if (error instanceof DroppedConnection) return null;
  if (error instanceof AcsError) return { status: error.status, headers: error.headers, body: error.body };
  log.error({ err: error }, 'the carrier failed');
  return { status: 500, body: { error: { code: '9999', message: 'Internal error.' } } };
}

function send(response: ServerResponse, { status, headers, body }: AcsAnswer): void {
  response.writeHead(status, { ...(body && { 'content-type': 'application/json; charset=utf-8' }), ...headers });
  response.end(body && JSON.stringify(body));
}
