import { randomUUID } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { openCarrierKeys } from './carrier-keys.js';

const ISSUER = 'https://acscallautomation.communication.azure.com';

/** By what a worker knows the carrier. */
export interface CarrierTrust {
  jwksUrl: string;
  issuer: string;
  audience: string;
}

export interface BenchCarrier {
  trust: CarrierTrust;
  /** What it signs its handshakes with; good for an hour. */
  token: string;
  close(): Promise<void>;
}

/** The pretended carrier: a key of its own, whose public half the worker fetches as it would from the cloud. */
export async function openBenchCarrier(): Promise<BenchCarrier> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const keys = await openCarrierKeys(publicKey);
  const audience = randomUUID();
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
  return { trust: { jwksUrl: keys.url, issuer: ISSUER, audience }, token, close: () => keys.close() };
}

/** The carrier's media socket of one call, open. */
export function connectCall(url: string, token: string): Promise<WebSocket> {
  return new Promise((done, fail) => {
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${token}`, 'x-ms-call-connection-id': randomUUID() },
      perMessageDeflate: false,
    });
    socket.once('open', () => done(socket));
    socket.once('error', fail);
  });
}
