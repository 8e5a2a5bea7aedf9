import type { Disposition } from '@carillon/contracts';

/**
 * The carrier port. No type of a carrier's SDK crosses it. `connectionId` is the carrier's own name for the call; `callId` is ours.
 */
export interface Carrier {
  /** Dials a phone. Never repeated by the adapter: the ledger decides (docs/architecture.md). */
  place(request: PlaceRequest): Promise<PlaceResult>;
  /** Ends the call for everyone. Harmless when it is over already. */
  hangUp(connectionId: string): Promise<void>;
  /** Blind transfer to a phone number. */
  transfer(connectionId: string, request: { toE164: string; callId: string }): Promise<void>;
  /** Parses and normalises what the carrier posted to the call's callback URL. Throws {@link CallbackError} when it is no such thing. */
  parseCallback(body: unknown): CarrierEvent[];
  /** Checks that a callback or media socket comes from the carrier: the value of its `Authorization` header. Throws {@link SignatureError}. */
  verify(authorization: string | undefined): Promise<void>;
  /** What a result of this carrier means; `null` (no result was sent) counts as an ordinary end. Never throws. */
  outcomeOf(result: CarrierResult | null): CarrierOutcome;
}

export interface PlaceRequest {
  callId: string;
  toE164: string;
  fromE164: string;
  /** Where events of this call go; holds the call's id and a secret of its own. */
  callbackUrl: string;
  /** Where the carrier opens the media socket; holds the call's id and its token. */
  mediaUrl: string;
  sampleRate: 16000 | 24000;
  /** Stored with `firstSentAt` before the first try: a repeat within the carrier's window is the same request. */
  repeatabilityId: string;
  firstSentAt: Date;
  timeoutMs: number;
  /** W3C traceparent, sent along for the carrier's logs. */
  traceparent?: string | undefined;
}

/** The one rule for carrier answers: placed, provably refused, or unknown. */
export type PlaceResult =
  | { kind: 'placed'; connectionId: string }
  | {
      kind: 'refused';
      status: number;
      code: string;
      message: string;
      retryAfterMs: number | null;
      cause: 'throttled' | 'configuration' | 'request';
    }
  | { kind: 'unknown'; message: string };

/** One event of the carrier in our words. `id` is the carrier's, the key against a second delivery. */
export type CarrierEvent = { id: string; at: Date; connectionId: string; carrierType: string } & (
  | { type: 'answered' }
  | { type: 'ended'; result: CarrierResult | null }
  | { type: 'failed'; result: CarrierResult | null }
  | { type: 'transferred' }
  | { type: 'transfer_failed'; result: CarrierResult | null }
  | { type: 'media_started' }
  | { type: 'media_failed'; result: CarrierResult | null }
  | { type: 'tone'; tone: string }
  /** Stored and acknowledged; nothing hangs on it. */
  | { type: 'other' }
);

export interface CarrierResult {
  code: number;
  subCode: number;
  message: string;
}

/** What a result pair means, before we know what was said: `null` when the call simply was answered and ended. */
export interface CarrierOutcome {
  disposition: Disposition | null;
  endedBy: 'callee' | 'us' | 'carrier';
}

export class CallbackError extends Error {
  override readonly name = 'CallbackError';
}

export class SignatureError extends Error {
  override readonly name = 'SignatureError';
}

/** The carrier's public keys could not be read, so nothing is known about the signature: answer 503, the carrier tries again. */
export class KeySetError extends Error {
  override readonly name = 'KeySetError';
  readonly retryable = true;
}

/** A hang-up or a transfer that the carrier did not take; `status` is null when no answer came. */
export class CarrierRequestError extends Error {
  override readonly name = 'CarrierRequestError';

  constructor(
    message: string,
    readonly status: number | null,
    readonly code: string,
    readonly retryable: boolean,
  ) {
    super(message);
  }
}
