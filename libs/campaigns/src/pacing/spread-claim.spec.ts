import fc from 'fast-check';
import { spreadClaim, type DuePlace } from './spread-claim.js';

const open = { isClosing: () => false, turn: 0 };
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

it('Buckets share a claim evenly, and what a small one does not need goes to the others', () => {
  const places = [
    { bucketId: 1, rank: 2, due: 500 },
    { bucketId: 2, rank: 2, due: 20 },
    { bucketId: 3, rank: 2, due: 500 },
  ];
  expect(spreadClaim(100, places, open)).toEqual([
    { bucketId: 1, rank: 2, most: 40 },
    { bucketId: 2, rank: 2, most: 20 },
    { bucketId: 3, rank: 2, most: 40 },
  ]);
});

it('Promised callbacks come before retries, and these before first calls', () => {
  const places = [
    { bucketId: 1, rank: 2, due: 500 },
    { bucketId: 1, rank: 1, due: 30 },
    { bucketId: 2, rank: 0, due: 10 },
  ];
  expect(spreadClaim(35, places, open)).toEqual([
    { bucketId: 2, rank: 0, most: 10 },
    { bucketId: 1, rank: 1, most: 25 },
  ]);
});

it('A bucket whose window is about to shut gets all it can use before the others', () => {
  const places = [
    { bucketId: 1, rank: 2, due: 500 },
    { bucketId: 2, rank: 2, due: 80 },
  ];
  expect(spreadClaim(100, places, { isClosing: (bucketId) => bucketId === 2, turn: 0 })).toEqual([
    { bucketId: 2, rank: 2, most: 80 },
    { bucketId: 1, rank: 2, most: 20 },
  ]);
});

it('Claims of one at a time reach every bucket, the large as well as the small', () => {
  const left = new Map([1, 2, 3, 4].map((bucketId) => [bucketId, bucketId === 4 ? 300 : 1_000]));
  for (let turn = 0; turn < 900; turn++) {
    const places = [...left].map(([bucketId, due]) => ({ bucketId, rank: 2, due }));
    const [share] = spreadClaim(1, places, { isClosing: () => false, turn });
    if (share) left.set(share.bucketId, (left.get(share.bucketId) ?? 0) - share.most);
  }
  expect([...left.values()]).toEqual([775, 775, 775, 75]);
});

it('Whatever is due: all of it or the limit is shared, never more than a place has, and no class before the one above it is served', () => {
  const place = fc.record({ bucketId: fc.nat(20), rank: fc.nat(2), due: fc.integer({ min: 1, max: 500 }) });
  const places = fc.uniqueArray(place, { selector: ({ bucketId, rank }) => `${bucketId} ${rank}`, maxLength: 40 });
  fc.assert(
    fc.property(fc.nat(600), places, fc.func(fc.boolean()), fc.nat(), (limit, given, isClosing, turn) => {
      const shares = spreadClaim(limit, given, { isClosing, turn });
      expect(total(shares.map(({ most }) => most))).toBe(Math.min(limit, total(given.map(({ due }) => due))));
      const dueOf = (share: { bucketId: number; rank: number }) =>
        given.find((each: DuePlace) => each.bucketId === share.bucketId && each.rank === share.rank)?.due ?? 0;
      for (const share of shares) expect(share.most).toBeLessThanOrEqual(dueOf(share));
      const lastRank = Math.max(...shares.map(({ rank }) => rank), 0);
      for (const each of given.filter(({ rank }) => rank < lastRank))
        expect(shares).toContainEqual({ bucketId: each.bucketId, rank: each.rank, most: each.due });
    }),
  );
});
