import type { LedgerCall } from '@carillon/store';
import { callbackUrl, mediaUrl, type CallTokens, type PlaceRequest } from '@carillon/telephony';
import { after } from '../clock.js';
import { callExpiryMs } from '../deadlines.js';

export interface CallAddressesOptions {
  publicApiUrl: string;
  publicMediaUrl: string;
  sourceNumbers: readonly string[];
  sampleRate: PlaceRequest['sampleRate'];
  tokens: CallTokens;
}

/** What the carrier is told about a call besides the callee. */
export interface CallAddresses {
  fromE164: string;
  callbackUrl: string;
  mediaUrl: string;
  sampleRate: PlaceRequest['sampleRate'];
}

/** The same for every try of one call: a repeat must be the same request. */
export type AddressCall = (call: LedgerCall, firstSentAt: Date) => Promise<CallAddresses>;

export function createCallAddresses({
  publicApiUrl,
  publicMediaUrl,
  sourceNumbers,
  sampleRate,
  tokens,
}: CallAddressesOptions): AddressCall {
  return async (call, firstSentAt) => ({
    fromE164: call.callerNumber ?? numberFor(call.callId, sourceNumbers),
    callbackUrl: callbackUrl(publicApiUrl, call, tokens),
    mediaUrl: await mediaUrl(publicMediaUrl, call, after(firstSentAt, callExpiryMs(call)), tokens),
    sampleRate,
  });
}

/** Of a call that was given none, one from the API: spreads them over our numbers by their random ids. */
function numberFor(callId: string, numbers: readonly string[]): string {
  const number = numbers[parseInt(callId.slice(0, 8), 16) % numbers.length];
  if (number === undefined) throw new Error('there is no number to call from: set ACS_SOURCE_NUMBERS');
  return number;
}
