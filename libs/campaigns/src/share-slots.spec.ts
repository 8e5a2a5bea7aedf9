import fc from 'fast-check';
import { shareSlots, type Dialer } from './share-slots.js';

const dialer = (campaignId: string, openCalls: number, maxConcurrent = 100): Dialer => ({ campaignId, openCalls, maxConcurrent });

it('One campaign gets what is free, up to its own limit', () => {
  expect(shareSlots([dialer('a', 3, 10)], 50, 50)).toEqual(new Map([['a', 7]]));
  expect(shareSlots([dialer('a', 3, 10)], 2, 50)).toEqual(new Map([['a', 2]]));
});

it('Nobody dials without a free slot', () => {
  expect(shareSlots([dialer('a', 0)], 0, 50)).toEqual(new Map());
  expect(shareSlots([dialer('a', 0)], -3, 50)).toEqual(new Map());
});

it('A small campaign beside a big one gets its share first', () => {
  expect(shareSlots([dialer('big', 40), dialer('small', 0)], 10, 50)).toEqual(new Map([['small', 10]]));
  expect(shareSlots([dialer('big', 4), dialer('small', 0)], 10, 50)).toEqual(
    new Map([
      ['small', 7],
      ['big', 3],
    ]),
  );
});

it('One tick never gives a campaign more than it may claim at once', () => {
  expect(shareSlots([dialer('a', 0, 1_000)], 500, 50)).toEqual(new Map([['a', 50]]));
});

it('Whatever the campaigns: no more is shared than is free, and none goes over its limit', () => {
  const dialers = fc
    .array(fc.record({ openCalls: fc.nat(30), maxConcurrent: fc.nat(30) }), { maxLength: 6 })
    .map((rows) => rows.map((row, i) => ({ campaignId: `c${i}`, ...row })));
  fc.assert(
    fc.property(dialers, fc.nat(60), fc.integer({ min: 1, max: 50 }), (rows, free, perCampaign) => {
      const shares = shareSlots(rows, free, perCampaign);
      const given = [...shares.values()].reduce((sum, share) => sum + share, 0);
      expect(given).toBeLessThanOrEqual(free);
      for (const { campaignId, openCalls, maxConcurrent } of rows) {
        const share = shares.get(campaignId) ?? 0;
        expect(share).toBeLessThanOrEqual(Math.max(0, Math.min(perCampaign, maxConcurrent - openCalls)));
      }
      const room = rows.reduce((sum, row) => sum + Math.max(0, Math.min(perCampaign, row.maxConcurrent - row.openCalls)), 0);
      expect(given).toBe(Math.min(free, room)); // and nothing that could be used is left
    }),
  );
});
