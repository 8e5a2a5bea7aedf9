import type { LedgerCall } from '@carillon/store';
import { createCallTokens } from '@carillon/telephony';
import { createCallAddresses } from './call-addresses.js';

const tokens = createCallTokens('a secret of at least thirty-two characters');
const urls = { publicApiUrl: 'https://api.test/', publicMediaUrl: 'wss://media.test', sampleRate: 24_000, tokens } as const;
const call = (callId: string) => ({ tenantId: 'default', callId, ringTimeoutMs: 30_000, maxCallMs: 60_000 }) as LedgerCall;
const SENT = new Date('2026-03-02T09:00:00Z');

it('A repeat of a call is the same request, token and all', async () => {
  const addressOf = createCallAddresses({ ...urls, sourceNumbers: ['+14155550111', '+14155550112', '+14155550113'] });
  const first = await addressOf(call('0b2f9c1e-0000-4000-8000-000000000000'), SENT);
  expect(await addressOf(call('0b2f9c1e-0000-4000-8000-000000000000'), SENT)).toEqual(first);
  expect(first.sampleRate).toBe(24_000);
  expect(first.callbackUrl).toMatch(/^https:\/\/api\.test\/carrier\/acs\/default\/0b2f9c1e-/);
});

it('Calls are spread over our numbers', async () => {
  const sourceNumbers = ['+14155550111', '+14155550112'];
  const addressOf = createCallAddresses({ ...urls, sourceNumbers });
  const used = await Promise.all(['00000000', '00000001'].map((start) => addressOf(call(`${start}-0000-4000-8000-000000000000`), SENT)));
  expect(used.map(({ fromE164 }) => fromE164)).toEqual(sourceNumbers);
});

it('Without a number to call from nobody is called, and the error names the setting', async () => {
  const addressOf = createCallAddresses({ ...urls, sourceNumbers: [] });
  await expect(addressOf(call('00000000-0000-4000-8000-000000000000'), SENT)).rejects.toThrow('ACS_SOURCE_NUMBERS');
});
