import { bucketFactsOf, bucketKeyOf } from './bucket-key.js';

describe('the key of a bucket', () => {
  it('is the same for the same facts in any order', () => {
    const zones = ['America/New_York', 'America/Chicago'];
    expect(bucketKeyOf({ country: 'US', regions: ['FL'], timeZones: zones, consent: 'express' })).toBe(
      'US|FL|America/Chicago,America/New_York|express',
    );
    expect(bucketKeyOf({ country: 'US', regions: ['FL'], timeZones: [...zones].reverse(), consent: 'express' })).toBe(
      'US|FL|America/Chicago,America/New_York|express',
    );
  });

  it.each([
    { country: 'CA', regions: ['NS', 'PE'], timeZones: ['America/Halifax'], consent: 'express_written' },
    { country: 'GB', regions: [], timeZones: ['Europe/London'], consent: null },
    { country: null, regions: [], timeZones: [], consent: null },
    { country: 'DE', regions: [], timeZones: ['Europe/Berlin'], consent: 'a|b' },
  ])('says all of them: %j', (facts) => {
    expect(bucketFactsOf(bucketKeyOf(facts))).toEqual(facts);
  });

  it('is not just any text', () => {
    expect(() => bucketFactsOf('US|FL')).toThrow(/four parts/);
  });
});
