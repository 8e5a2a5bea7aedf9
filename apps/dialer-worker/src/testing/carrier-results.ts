import type { PlaceResult } from '@carillon/telephony';

/** Ends as the carrier tells them. */
export const HUNG_UP = { code: 200, subCode: 560000, message: 'callee hung up' };
export const BY_US = { code: 200, subCode: 7000, message: 'ended by us' };
export const BUSY = { code: 486, subCode: 560486, message: 'busy' };
export const DECLINED = { code: 603, subCode: 560603, message: 'declined' };
export const TRANSFERRED = { code: 200, subCode: 7015, message: 'transferred' };
export const CANCELLED = { code: 487, subCode: 540487, message: 'cancelled' };

/** Answers to createCall other than that it was placed. */
export const THROTTLED: PlaceResult = {
  kind: 'refused',
  status: 429,
  code: 'TooManyRequests',
  message: 'slow down',
  retryAfterMs: 7_000,
  cause: 'throttled',
};
export const MISCONFIGURED: PlaceResult = {
  kind: 'refused',
  status: 401,
  code: 'Denied',
  message: 'denied',
  retryAfterMs: null,
  cause: 'configuration',
};
export const UNUSABLE: PlaceResult = {
  kind: 'refused',
  status: 400,
  code: '8523',
  message: 'bad number',
  retryAfterMs: null,
  cause: 'request',
};
export const LOST: PlaceResult = { kind: 'unknown', message: 'the connection was reset' };
