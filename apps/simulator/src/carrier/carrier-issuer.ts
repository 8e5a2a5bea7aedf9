import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** What the service documents for each kind of token. */
const LIFE_MS = { callback: 5 * 60_000, media: 24 * 3_600_000 } as const;
/** A signature costs about a millisecond, so a token serves all calls of a while; it is renewed with most of its life left. */
const REUSE_MS = { callback: 60_000, media: 3_600_000 } as const;

export type TokenKind = keyof typeof LIFE_MS;

export interface CarrierIssuer {
  /** The value of an `Authorization` header. */
  authorization(kind: TokenKind): Promise<string>;
  /** The JSON web key set. */
  keys(): Promise<object>;
}

/** Signs what the carrier sends with a key pair of this process. `now` in epoch milliseconds. */
export function createCarrierIssuer({ issuer, audience, now }: { issuer: string; audience: string; now: () => number }): CarrierIssuer {
  const kid = randomUUID();
  const pair = generateKeyPair('RS256');
  const cached = new Map<TokenKind, { header: Promise<string>; until: number }>();
  const sign = async (kind: TokenKind) => {
    const issuedS = Math.floor(now() / 1_000);
    const token = new SignJWT()
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedS)
      .setNotBefore(issuedS)
      .setExpirationTime(issuedS + LIFE_MS[kind] / 1_000);
    return `Bearer ${await token.sign((await pair).privateKey)}`;
  };
  return {
    authorization(kind) {
      const known = cached.get(kind);
      if (known && known.until > now()) return known.header;
      const header = sign(kind);
      cached.set(kind, { header, until: now() + REUSE_MS[kind] });
      return header;
    },
    keys: async () => ({ keys: [{ ...(await exportJWK((await pair).publicKey)), kid, alg: 'RS256', use: 'sig' }] }),
  };
}
