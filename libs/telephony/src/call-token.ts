import { createHmac, timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';

const MEDIA_AUDIENCE = 'carillon-media';
/** 192 bits of the HMAC: short enough for a path, far beyond guessing. */
const CALLBACK_SECRET_CHARS = 32;
const MIN_KEY_CHARS = 32;

export interface CallIdentity {
  tenantId: string;
  callId: string;
}

/** What tells the carrier's posts and sockets of one call from everybody else's. */
export interface CallTokens {
  /** The secret part of the callback URL of one call. */
  callbackSecret(call: CallIdentity): string;
  /** Throws {@link CallTokenError} unless `secret` is the call's own; takes the same time for every wrong one. */
  checkCallbackSecret(call: CallIdentity, secret: string): void;
  /** The token of the media socket of one call. */
  mediaToken(call: CallIdentity, expiresAt: Date): Promise<string>;
  /** Whose call the token is for; throws {@link CallTokenError} unless it is ours, alive and made for `callId`. */
  checkMediaToken(token: string | null | undefined, callId: string): Promise<CallIdentity>;
}

/** Says what is wrong in words that may be logged and sent: never the secret, the token or its claims. */
export class CallTokenError extends Error {
  override readonly name = 'CallTokenError';
}

/** `secret` is CALL_TOKEN_SECRET, shared by every process of one installation; `now` in epoch milliseconds. */
export function createCallTokens(secret: string, now: () => number = Date.now): CallTokens {
  if (secret.length < MIN_KEY_CHARS)
    throw new CallTokenError(`the call token secret has ${secret.length} characters, at least ${MIN_KEY_CHARS} are needed`);
  const key = new TextEncoder().encode(secret);
  const callbackSecret = ({ tenantId, callId }: CallIdentity) =>
    createHmac('sha256', key).update(`callback:${tenantId}:${callId}`).digest('base64url').slice(0, CALLBACK_SECRET_CHARS);
  return {
    callbackSecret,
    checkCallbackSecret(call, given) {
      if (!sameText(given, callbackSecret(call))) throw new CallTokenError('the callback secret is not the one of this call');
    },
    mediaToken: ({ tenantId, callId }, expiresAt) =>
      new SignJWT({ tenant: tenantId })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(callId)
        .setAudience(MEDIA_AUDIENCE)
        .setExpirationTime(Math.ceil(expiresAt.getTime() / 1000))
        .sign(key),
    async checkMediaToken(token, callId) {
      if (!token) throw new CallTokenError('the media token is missing');
      const claims = await readMediaToken(token, key, now());
      if (claims.sub !== callId) throw new CallTokenError('the media token is for another call');
      if (typeof claims['tenant'] !== 'string') throw new CallTokenError('the media token names no tenant');
      return { tenantId: claims['tenant'], callId };
    },
  };
}

/** Where the carrier posts the events of one call. */
export function callbackUrl(publicApiUrl: string, call: CallIdentity, tokens: CallTokens): string {
  const path = ['carrier', 'acs', call.tenantId, call.callId, tokens.callbackSecret(call)].map(encodeURIComponent).join('/');
  return `${withoutTrailingSlash(publicApiUrl)}/${path}`;
}

/** Where the carrier opens the media socket of one call. */
export async function mediaUrl(publicMediaUrl: string, call: CallIdentity, expiresAt: Date, tokens: CallTokens): Promise<string> {
  return `${withoutTrailingSlash(publicMediaUrl)}/m/${encodeURIComponent(call.callId)}?token=${await tokens.mediaToken(call, expiresAt)}`;
}

async function readMediaToken(token: string, key: Uint8Array, nowMs: number) {
  try {
    const options = { algorithms: ['HS256'], audience: MEDIA_AUDIENCE, requiredClaims: ['exp', 'sub'], currentDate: new Date(nowMs) };
    return (await jwtVerify(token, key, options)).payload;
  } catch (error) {
    throw new CallTokenError(`the media token ${whatIsWrong(error)}`);
  }
}

function whatIsWrong(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'has expired';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'has a wrong signature';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'is signed with an algorithm that is not allowed';
  if (error instanceof errors.JWTClaimValidationFailed) return `has a wrong or missing claim "${error.claim}"`;
  return 'is no JSON web token';
}

/** Lengths may be told apart, content may not. */
function sameText(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
