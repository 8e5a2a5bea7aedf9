import { callRequestSchema } from '@carillon/contracts';
import { isUuid } from '../http/id-param.js';
import { callIdOf, fingerprintOf } from './call-id.js';

describe('the id of a call', () => {
  it('is the same for the same key of a tenant, and no other', () => {
    const id = callIdOf('default', 'order-17');
    expect(isUuid(id)).toBe(true);
    expect(id).toMatch(/^.{14}8.{4}[89ab]/);
    expect(callIdOf('default', 'order-17')).toBe(id);
    expect(new Set([id, callIdOf('default', 'order-18'), callIdOf('other', 'order-17'), callIdOf('default', undefined)]).size).toBe(4);
  });

  it.each(['', 'x'.repeat(256)])('refuses a key of odd length', (key) => {
    expect(() => callIdOf('default', key)).toThrow(
      expect.objectContaining({ code: 'invalid_body', fields: [expect.objectContaining({ field: 'Idempotency-Key' })] }),
    );
  });
});

describe('the fingerprint of a request', () => {
  const request = { bot_company: 'Contoso', bot_name: 'Amélie', agent_phone_number: '+14155550199', phone_number: '+14155550100' };
  const print = (body: object) => fingerprintOf(callRequestSchema.parse(body));

  it('does not depend on the order of keys, nor on what is ignored or the default', () => {
    const turned = Object.fromEntries(Object.entries(request).reverse());
    expect(print({ ...turned, unknown: 1, prosody_rate: 1 })).toBe(print(request));
    expect(print({ ...request, bot_name: 'Zoé' })).not.toBe(print(request));
  });
});
