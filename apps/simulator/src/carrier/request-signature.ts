import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AcsError } from './acs-error.js';

/** The service's own tolerance is not published. */
const MAX_CLOCK_SKEW_MS = 5 * 60_000;
const AUTHORIZATION = /^HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=([A-Za-z0-9+/=]+)$/;

/**
 * Checks the access key's signature over the raw request target and body, before anything else is looked at. `accessKey` is base64,
 * `now` epoch milliseconds. Throws a 401 {@link AcsError}.
 */
export function checkSignature(request: IncomingMessage, body: Buffer, accessKey: string, now: number): void {
  const signature = AUTHORIZATION.exec(request.headers.authorization ?? '')?.[1];
  if (signature === undefined) throw refused('the Authorization header is missing or of another kind than HMAC-SHA256');
  const date = headerOf(request, 'x-ms-date');
  if (!(Math.abs(Date.parse(date) - now) <= MAX_CLOCK_SKEW_MS)) throw refused('x-ms-date is missing or more than five minutes off');
  const contentHash = createHash('sha256').update(body).digest('base64');
  if (!equal(headerOf(request, 'x-ms-content-sha256'), contentHash)) throw refused('x-ms-content-sha256 does not match the body');
  const host = headerOf(request, 'x-ms-host') || (request.headers.host ?? '');
  const signed = `${request.method ?? ''}\n${request.url ?? ''}\n${date};${host};${contentHash}`;
  const expected = createHmac('sha256', Buffer.from(accessKey, 'base64')).update(signed).digest('base64');
  if (!equal(signature, expected)) throw refused('the signature is wrong');
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function equal(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function refused(message: string): AcsError {
  return new AcsError(401, '7509', `Unauthorized: ${message}.`);
}
