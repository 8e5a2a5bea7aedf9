import { CarrierRequestError, type PlaceResult } from './carrier.js';

/**
 * 4xx answers that do not prove that the call was not made. 408: a gateway gave up waiting. 409 and 412 answer a repeat whose first
 * post may still run, or has left the repeatability window; calling is never safer than not calling.
 */
const AMBIGUOUS_STATUSES: ReadonlySet<number> = new Set([408, 409, 412]);
/** 400/8528 is "the call has ended". */
const ENDED_CODES: ReadonlySet<string> = new Set(['8528']);

interface Answer {
  status: number;
  code: string;
  message: string;
  retryAfterMs: number | null;
}

/** The one rule for carrier answers: provably refused, or unknown. Takes whatever the SDK throws: RestError, AbortError, a string. */
export function placeResultOf(error: unknown, now: () => number): PlaceResult {
  const answer = answerOf(error, now);
  if (!answer || answer.status < 400 || answer.status >= 500 || AMBIGUOUS_STATUSES.has(answer.status)) {
    return { kind: 'unknown', message: answer ? `${answer.status} ${answer.code}: ${answer.message}` : messageOf(error) };
  }
  return { kind: 'refused', ...answer, cause: causeOf(answer.status) };
}

/** True when a call cannot be ended or transferred because it is over. */
export function isOver(error: unknown): boolean {
  const answer = answerOf(error, () => 0);
  return answer !== null && (answer.status === 404 || ENDED_CODES.has(answer.code));
}

/** The SDK's error is not kept as the cause: it holds the request with its signature and phone numbers, and errors get logged. */
export function requestErrorOf(what: string, error: unknown): CarrierRequestError {
  const answer = answerOf(error, () => 0);
  const retryable = answer === null || answer.status >= 500 || answer.status === 429;
  const text = answer ? `${answer.status} ${answer.code} ${answer.message}` : messageOf(error);
  return new CarrierRequestError(`${what} failed: ${text}`, answer?.status ?? null, answer?.code ?? '', retryable);
}

function causeOf(status: number): 'throttled' | 'configuration' | 'request' {
  if (status === 429) return 'throttled';
  // 404 and 405 of createCall speak of the resource or the operation, not of the number
  return [401, 402, 403, 404, 405].includes(status) ? 'configuration' : 'request';
}

/** Read by shape: the SDK's RestError crosses no module boundary, and a second copy of its class would fail an instanceof. */
function answerOf(error: unknown, now: () => number): Answer | null {
  if (typeof error !== 'object' || error === null || !('statusCode' in error) || typeof error.statusCode !== 'number') return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return { status: error.statusCode, code, message: messageOf(error), retryAfterMs: retryAfterMsOf(error, now) };
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.name === 'AbortError' ? 'no answer in time' : error.message;
  return typeof error === 'string' ? error : 'the SDK failed without saying why';
}

function retryAfterMsOf(error: object, now: () => number): number | null {
  for (const header of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const delayMs = Number(headerOf(error, header) ?? Number.NaN);
    if (delayMs >= 0) return delayMs;
  }
  const value = headerOf(error, 'retry-after');
  if (value === undefined) return null;
  const delayMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now();
  return Number.isNaN(delayMs) ? null : Math.max(0, Math.round(delayMs));
}

function headerOf(error: object, name: string): string | undefined {
  if (!('response' in error) || typeof error.response !== 'object' || error.response === null || !('headers' in error.response))
    return undefined;
  const { headers } = error.response as { headers: { get?(name: string): string | undefined } };
  return headers.get?.(name);
}
