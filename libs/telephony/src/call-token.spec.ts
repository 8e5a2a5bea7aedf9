import { SignJWT } from 'jose';
import { callbackUrl, CallTokenError, createCallTokens, mediaUrl } from './call-token.js';

const SECRET = 'a secret of the tests, 32 characters or more';
const NOW = Date.parse('2026-11-20T10:00:00Z');
const call = { tenantId: 'default', callId: '0b8f1c1e-6f0e-4d7b-9a55-3f1f6a5c2d11' };
const soon = new Date(NOW + 60_000);
const tokens = createCallTokens(SECRET, () => NOW);

describe('the secret of a callback URL', () => {
  it('opens its own call only', () => {
    const secret = tokens.callbackSecret(call);
    expect(secret).toMatch(/^[\w-]{32}$/);
    expect(() => tokens.checkCallbackSecret(call, secret)).not.toThrow();
    expect(() => tokens.checkCallbackSecret({ ...call, callId: 'another' }, secret)).toThrow(CallTokenError);
    expect(() => tokens.checkCallbackSecret({ ...call, tenantId: 'another' }, secret)).toThrow(CallTokenError);
  });

  it.each(['', 'short', 'x'.repeat(32), 'é'.repeat(16)])('is not %p, and the refusal tells nothing', (given) => {
    expect(() => tokens.checkCallbackSecret(call, given)).toThrow('the callback secret is not the one of this call');
  });

  it('is part of the URL that the api serves', () => {
    expect(callbackUrl('https://api.example.com/', call, tokens)).toBe(
      `https://api.example.com/carrier/acs/default/${call.callId}/${tokens.callbackSecret(call)}`,
    );
  });
});

describe('the token of a media socket', () => {
  it('names the call and its tenant', async () => {
    const url = new URL(await mediaUrl('wss://media.example.com', call, soon, tokens));
    expect(url.pathname).toBe(`/m/${call.callId}`);
    expect(await tokens.checkMediaToken(url.searchParams.get('token'), call.callId)).toEqual(call);
  });

  it('is refused in words when it is missing, foreign, forged, stale or for another call', async () => {
    const token = await tokens.mediaToken(call, soon);
    const refusal = (given: string | null, callId = call.callId, by = tokens) =>
      by.checkMediaToken(given, callId).then(String, (error: Error) => error.message);
    const other = createCallTokens('another secret, also long enough to be taken');
    const [header = '', claims = '', signature = ''] = token.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
    const foreign = new SignJWT({ tenant: 'default' }).setProtectedHeader({ alg: 'HS256' }).setSubject(call.callId).setExpirationTime('1h');

    expect(await refusal(null)).toBe('the media token is missing');
    expect(await refusal('garbage')).toBe('the media token is no JSON web token');
    expect(await refusal(`${header}.${claims}.${signature.split('').reverse().join('')}`)).toBe('the media token has a wrong signature');
    expect(await refusal(await other.mediaToken(call, soon))).toBe('the media token has a wrong signature');
    expect(await refusal(unsigned)).toBe('the media token is signed with an algorithm that is not allowed');
    expect(await refusal(await foreign.sign(new TextEncoder().encode(SECRET)))).toBe('the media token has a wrong or missing claim "aud"');
    expect(await refusal(token, 'another')).toBe('the media token is for another call');
    expect(
      await refusal(
        token,
        call.callId,
        createCallTokens(SECRET, () => NOW + 61_000),
      ),
    ).toBe('the media token has expired');
  });
});

it('a short secret is refused at the start', () =>
  expect(() => createCallTokens('short')).toThrow('has 5 characters, at least 32 are needed'));
