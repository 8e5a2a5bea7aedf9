import { claimCompleteness, phoneRegion, validateClaimValue } from './claim-value.js';
import type { ClaimField, ClaimFieldType } from './claim-field.js';

const check = (type: ClaimFieldType, value: unknown, extra: Partial<ClaimField> = {}, region?: string) =>
  validateClaimValue({ name: 'f', type, ...extra }, value, { region });

describe('a value that the model wants to store', () => {
  it.each<[ClaimFieldType, unknown, unknown]>([
    ['text', '  two bedrooms ', 'two bedrooms'],
    ['text', 12, '12'],
    ['datetime', '2026-03-05', '2026-03-05'],
    ['datetime', '2026-03-05T14:30', '2026-03-05T14:30:00'],
    ['datetime', '2026-03-05 14:30:10.5Z', '2026-03-05T14:30:10Z'],
    ['datetime', '2026-03-05T14:30:00+0200', '2026-03-05T14:30:00+02:00'],
    ['datetime', '2026/3/5', '2026-03-05'],
    ['datetime', 'March 5, 2026', '2026-03-05'],
    ['datetime', 'Thursday, March 5th 2026 at 2:30 pm', '2026-03-05T14:30:00'],
    ['datetime', 'the 5th of Mar 2026, 12 am', '2026-03-05T00:00:00'],
    ['datetime', '29 February 2028', '2028-02-29'],
    ['email', ' Ann.Lee@Example.COM', 'ann.lee@example.com'],
    ['number', '1,250.5', 1250.5],
    ['number', -3, -3],
    ['boolean', 'Yes', true],
    ['boolean', false, false],
  ])('%s %j is kept as %j', (type, value, stored) => {
    expect(check(type, value)).toEqual({ ok: true, value: stored });
  });

  it.each<[ClaimFieldType, unknown]>([
    ['text', ''],
    ['text', null],
    ['text', { a: 1 }],
    ['datetime', 'next Tuesday'],
    ['datetime', '03/05/2026'],
    ['datetime', '2026-02-30'],
    ['datetime', '2026-03-05T25:00'],
    ['datetime', '5 Ma 2026'],
    ['datetime', 'March 5, 2026 at 2'],
    ['email', 'ann at example dot com'],
    ['phone_number', '12'],
    ['number', 'a dozen'],
    ['number', '1,2'],
    ['boolean', 'maybe'],
  ])('%s %j is refused with a reason', (type, value) => {
    expect(check(type, value)).toEqual({ ok: false, reason: expect.stringMatching(/\w+.*\.$/) });
  });

  it('a text may be long, but not endless', () => {
    expect(check('text', 'x'.repeat(2000)).ok).toBe(true);
    expect(check('text', 'x'.repeat(2001)).ok).toBe(false);
  });

  it('a phone number becomes E.164, with the region of the call where it has no country code', () => {
    expect(check('phone_number', '(415) 555-2671', {}, 'US')).toEqual({ ok: true, value: '+14155552671' });
    expect(check('phone_number', '+44 20 7946 0018')).toEqual({ ok: true, value: '+442079460018' });
    expect(check('phone_number', '(415) 555-2671').ok).toBe(false);
  });

  it('an enum takes its values in any case and names them when it refuses', () => {
    const values = ['Small', 'Large'];
    expect(check('enum', 'large', { values })).toEqual({ ok: true, value: 'Large' });
    expect(check('enum', 'medium', { values })).toEqual({ ok: false, reason: 'Not one of the allowed values: Small, Large.' });
  });
});

it('completeness is the share of fields that hold a value', () => {
  const fields: ClaimField[] = ['a', 'b', 'c', 'd'].map((name) => ({ name, type: 'text' }));
  expect(claimCompleteness(fields, { a: 'x', b: false, c: 0, other: 1 })).toBe(0.75);
  expect(claimCompleteness([], {})).toBe(1);
  expect(claimCompleteness([{ name: 'constructor', type: 'text' }], {})).toBe(0);
});

it('the region of a call is that of its number', () => {
  expect(phoneRegion('+442079460018')).toBe('GB');
  expect(phoneRegion('nonsense')).toBeUndefined();
});
