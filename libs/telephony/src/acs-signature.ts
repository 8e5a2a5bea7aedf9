import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { KeySetError, SignatureError } from './carrier.js';

/** The service's clock and ours may differ by this much; its callback tokens live five minutes. */
const LEEWAY_S = 5 * 60;
const KEYS_TIMEOUT_MS = 5_000;
/** Keys are read again at once for an unknown key id, but not more often than this, whatever is posted to us. */
const KEYS_COOLDOWN_MS = 5_000;
const KEYS_MAX_AGE_MS = 10 * 60_000;

export interface AcsIssuer {
  issuer: string;
  /** The immutable id of the ACS resource. */
  audience: string;
  jwksUrl: string;
  now: () => number;
}

/** Checks the bearer token that ACS sends with callbacks and media sockets. Throws {@link SignatureError} or {@link KeySetError}. */
export function createAcsVerifier({ issuer, audience, jwksUrl, now }: AcsIssuer): (authorization: string | undefined) => Promise<void> {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: KEYS_TIMEOUT_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
    cacheMaxAge: KEYS_MAX_AGE_MS,
  });
  return async (authorization) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new SignatureError('there is no bearer token in the Authorization header');
    const options = {
      issuer,
      audience,
      algorithms: ['RS256'],
      requiredClaims: ['exp'],
      clockTolerance: LEEWAY_S,
      currentDate: new Date(now()),
    };
    try {
      await jwtVerify(token, keys, options);
    } catch (error) {
      throw refusal(error);
    }
  };
}

function refusal(error: unknown): Error {
  const cause = { cause: error };
  if (error instanceof errors.JWTExpired) return new SignatureError('the token has expired', cause);
  if (error instanceof errors.JWTClaimValidationFailed)
    return new SignatureError(`the token has a wrong or missing claim "${error.claim}"`, cause);
  if (error instanceof errors.JWSSignatureVerificationFailed) return new SignatureError('the token has a wrong signature', cause);
  if (error instanceof errors.JWKSNoMatchingKey)
    return new SignatureError('the token is signed with a key that the carrier does not publish', cause);
  if (error instanceof errors.JOSEAlgNotAllowed) return new SignatureError('the token is not signed with RS256', cause);
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid)
    return new SignatureError('the token is no JSON web token', cause);
  return new KeySetError('the public keys of the carrier could not be read', cause);
}
