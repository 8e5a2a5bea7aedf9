import { callLogger, currentTraceparent, type Logger, type ReachFailpoint } from '@carillon/platform';
import type { LedgerCall } from '@carillon/store';
import type { Carrier, PlaceRequest, PlaceResult } from '@carillon/telephony';
import type { CallNewsDesk } from '../call-news.js';
import { after, type Now } from '../clock.js';
import { deadlines } from '../deadlines.js';
import type { DialDecision } from '../dialer-metrics.js';
import type { AddressCall } from './call-addresses.js';
import type { EndUnsentCall } from './end-unsent-call.js';
import type { PutBackCall } from './put-back-call.js';
import type { RefuseCall } from './refuse-call.js';

export interface PlaceCallOptions {
  carrier: Pick<Carrier, 'place'>;
  addressOf: AddressCall;
  news: CallNewsDesk;
  refuse: RefuseCall;
  putBack: PutBackCall;
  endUnsent: EndUnsentCall;
  log: Logger;
  reach: ReachFailpoint;
  now: Now;
}

/** A call whose repeatability id is stored: it is `dialing`, or `unknown` when it is repeated. The gate's word holds before `until`. */
export type SentCall = LedgerCall & { repeatabilityId: string; firstSentAt: Date; until: Date };

export interface PlaceCall {
  /** Posts the request for the first time. */
  first(call: SentCall): Promise<DialDecision>;
  /** Posts the same request again: the carrier names the call it has, or places the one it never got. */
  again(call: SentCall): Promise<void>;
}

/** The one rule for carrier answers: placed, provably refused, or unknown. */
export function createPlaceCall(options: PlaceCallOptions): PlaceCall {
  const { news, refuse, reach, now } = options;
  const placed = (call: SentCall, connectionId: string) => news.placed(call, { at: now(), connectionId });
  return {
    async first(call) {
      const request = await requestOf(options, call).catch((error: unknown) => neverSent(options, call, error));
      // Since the gate was asked the process may have been frozen, or the hours may have ended.
      if (now() >= call.notAfter || now() >= call.until) {
        await giveBack(options, call, deadlines.noSlotMs);
        return 'too_late';
      }
      const result = await post(options, call, request);
      reach('dial.after-post');
      if (result.kind === 'refused') await refuse(call, result);
      if (result.kind === 'placed') await placed(call, result.connectionId);
      if (result.kind === 'unknown') await unclear(options, call);
      return ({ placed: 'dialed', refused: 'refused_by_carrier', unknown: 'unknown' } as const)[result.kind];
    },
    async again(call) {
      const request = await requestOf(options, call);
      // The process may have been frozen since it took this up: what the carrier has forgotten it would place anew.
      if (now().getTime() - call.firstSentAt.getTime() >= deadlines.evidenceMs + deadlines.repeatMs || now() >= call.until) return;
      const result = await post(options, call, request);
      // A refusal now says nothing about the first request: the call stays unknown until evidence comes, or its time is over.
      if (result.kind === 'placed') await placed(call, result.connectionId);
    },
  };
}

async function neverSent(options: PlaceCallOptions, call: SentCall, error: unknown): Promise<never> {
  await giveBack(options, call, deadlines.throttledMs);
  throw error;
}

/** Its contact waits again; a call from the API has none, and whoever watches it is told that it is over. */
async function giveBack({ putBack, endUnsent }: PlaceCallOptions, call: SentCall, delayMs: number): Promise<void> {
  if (call.contactId !== null) await putBack(call, 'dialing', delayMs);
  else await endUnsent(call, { from: 'dialing', disposition: 'cancelled', againMs: delayMs });
}

const keyOf = ({ tenantId, callId }: LedgerCall) => ({ tenantId, callId });

async function unclear({ news, now }: PlaceCallOptions, call: SentCall): Promise<void> {
  await news.apply({ ...keyOf(call), fact: 'unclear', at: now(), leaseUntil: after(now(), deadlines.repeatMs) });
}

async function requestOf({ addressOf }: PlaceCallOptions, call: SentCall): Promise<PlaceRequest> {
  const { callId, phoneE164: toE164, repeatabilityId, firstSentAt } = call;
  const addresses = await addressOf(call, firstSentAt);
  const traceparent = currentTraceparent() ?? call.traceparent ?? undefined;
  return { callId, toE164, ...addresses, repeatabilityId, firstSentAt, timeoutMs: deadlines.placeMs, traceparent };
}

/** An error of the adapter says nothing about whether the request left. */
async function post({ carrier, log }: PlaceCallOptions, call: SentCall, request: PlaceRequest): Promise<PlaceResult> {
  const result = await carrier.place(request).catch((error: unknown): PlaceResult => ({ kind: 'unknown', message: String(error) }));
  if (result.kind === 'unknown') callLogger(log, call).warn({ reason: result.message }, 'nobody knows whether the carrier took a call');
  return result;
}
