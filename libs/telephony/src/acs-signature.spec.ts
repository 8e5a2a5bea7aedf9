import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createAcsVerifier } from './acs-signature.js';
import { KeySetError, SignatureError } from './carrier.js';

const ISSUER = 'https://acscallautomation.communication.azure.com';
const NOW = Date.parse('2026-11-20T10:00:00Z');

describe('the bearer token of a callback', () => {
  let server: Server;
  let reads = 0;
  let verify: (authorization: string | undefined) => Promise<void>;
  let sign: (claims?: { iss?: string; aud?: string; livesMs?: number; kid?: string }) => Promise<string>;

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] });
    server = createServer((_request, response) => {
      reads++;
      response.setHeader('content-type', 'application/json').end(keys);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/calling/keys`;
    verify = createAcsVerifier({ issuer: ISSUER, audience: 'resource', jwksUrl, now: () => NOW });
    sign = ({ iss = ISSUER, aud = 'resource', livesMs = 300_000, kid = 'k1' } = {}) =>
      new SignJWT({ iss, aud, exp: (NOW + livesMs) / 1000 }).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
  });
  afterAll(() => new Promise((closed) => server.close(closed)));

  it('is taken when it is theirs, and the keys are read once', async () => {
    await verify(`Bearer ${await sign()}`);
    await verify(`bearer ${await sign()}`);
    expect(reads).toBe(1);
  });

  it('may be late by the leeway of five minutes', async () => {
    await verify(`Bearer ${await sign({ livesMs: -290_000 })}`);
    await expect(verify(`Bearer ${await sign({ livesMs: -310_000 })}`)).rejects.toThrow('the token has expired');
  });

  it('is refused in words otherwise', async () => {
    const refusal = (authorization: string | undefined) =>
      verify(authorization).then(
        () => 'taken',
        (error: Error) => (error instanceof SignatureError ? error.message : String(error)),
      );
    const token = await sign();
    const stranger = await generateKeyPair('RS256');
    const forged = await new SignJWT({ iss: ISSUER, aud: 'resource', exp: NOW / 1000 + 60 })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .sign(stranger.privateKey);
    const symmetric = await new SignJWT({ iss: ISSUER, aud: 'resource', exp: NOW / 1000 + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(new Uint8Array(32));

    expect(await refusal(undefined)).toBe('there is no bearer token in the Authorization header');
    expect(await refusal('Basic abc')).toBe('there is no bearer token in the Authorization header');
    expect(await refusal('Bearer abc')).toBe('the token is no JSON web token');
    expect(await refusal(`Bearer ${forged}`)).toBe('the token has a wrong signature');
    expect(await refusal(`Bearer ${symmetric}`)).toBe('the token is not signed with RS256');
    expect(await refusal(`Bearer ${await sign({ iss: 'https://evil.example.com' })}`)).toBe('the token has a wrong or missing claim "iss"');
    expect(await refusal(`Bearer ${await sign({ aud: 'another' })}`)).toBe('the token has a wrong or missing claim "aud"');
    expect(await refusal(`Bearer ${await sign({ kid: 'k9' })}`)).toBe('the token is signed with a key that the carrier does not publish');
    expect(await refusal(`Bearer ${token}`)).toBe('taken');
  });

  it('is not judged while the keys cannot be read', async () => {
    const blind = createAcsVerifier({ issuer: ISSUER, audience: 'resource', jwksUrl: 'http://127.0.0.1:1/keys', now: () => NOW });
    await expect(blind(`Bearer ${await sign()}`)).rejects.toThrow(KeySetError);
  });
});
