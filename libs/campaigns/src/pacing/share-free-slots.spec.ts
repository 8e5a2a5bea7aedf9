import fc from 'fast-check';
import { shareFreeSlots, type SlotSeeker } from './share-free-slots.js';

const seeker = (id: string, more: Partial<SlotSeeker> = {}): SlotSeeker => ({
  id,
  tenantId: 'acme',
  weight: 1,
  active: 0,
  wants: 1_000,
  maxConcurrent: 1_000,
  ...more,
});
const shared = (...args: Parameters<typeof shareFreeSlots>) => Object.fromEntries(shareFreeSlots(...args));

it('A small campaign that arrives beside a full one gets what becomes free until it has its half', () => {
  expect(shared({ seekers: [seeker('big', { active: 40 }), seeker('small')], free: 10 })).toEqual({ small: 10 });
  expect(shared({ seekers: [seeker('big', { active: 4 }), seeker('small')], free: 10 })).toEqual({ big: 3, small: 7 });
});

it('A campaign of weight 3 gets three slots for each one of its neighbour', () => {
  expect(shared({ seekers: [seeker('plain'), seeker('heavy', { weight: 3 })], free: 40 })).toEqual({ plain: 10, heavy: 30 });
});

it('A tenant with many campaigns gets no more than a tenant with one', () => {
  const many = Array.from({ length: 9 }, (_, i) => seeker(`many-${i}`, { tenantId: 'many' }));
  const shares = shared({ seekers: [...many, seeker('one', { tenantId: 'single' })], free: 18 });
  expect(shares['one']).toBe(9);
  expect(shares['many-4']).toBe(1);
});

it('A tenant keeps to its own limit, and its weight counts', () => {
  const seekers = [seeker('a', { tenantId: 'a', active: 2 }), seeker('b', { tenantId: 'b' })];
  expect(shared({ seekers, free: 30, tenants: new Map([['a', { weight: 1, maxConcurrent: 5 }]]) })).toEqual({ a: 3, b: 27 });
  expect(shared({ seekers, free: 30, tenants: new Map([['b', { weight: 3, maxConcurrent: null }]]) })).toEqual({ a: 6, b: 24 });
});

it('Nobody gets more than is wanted or allowed, and the others take what is left', () => {
  const seekers = [seeker('few', { wants: 2 }), seeker('bounded', { active: 3, maxConcurrent: 5 }), seeker('open')];
  expect(shared({ seekers, free: 20 })).toEqual({ few: 2, bounded: 2, open: 16 });
});

it('The floor stays free for REST calls; only promised callbacks may use it', () => {
  expect(shared({ seekers: [seeker('a')], free: 10, floor: 4 })).toEqual({ a: 6 });
  expect(shared({ seekers: [seeker('a'), seeker('b', { callbacks: 8 })], free: 10, floor: 4 })).toEqual({ a: 3, b: 7 });
  expect(shared({ seekers: [seeker('a')], free: 3, floor: 4 })).toEqual({});
});

it('A campaign whose window shuts in half an hour counts twice, at the last moment three times', () => {
  const closing = (closesInMs: number) => shared({ seekers: [seeker('later'), seeker('closing', { closesInMs })], free: 60 });
  expect(closing(3_600_000)).toEqual({ later: 30, closing: 30 });
  expect(closing(1_800_000)).toEqual({ later: 20, closing: 40 });
  expect(closing(0)).toEqual({ later: 15, closing: 45 });
});

it('The hurry of one campaign takes nothing from other tenants', () => {
  const seekers = [seeker('hurried', { closesInMs: 60_000 }), seeker('calm'), seeker('neighbour', { tenantId: 'other' })];
  expect(shared({ seekers, free: 60 })['neighbour']).toBe(30);
});

const crowd = fc
  .array(
    fc.record({
      tenantId: fc.constantFrom('a', 'b', 'c'),
      active: fc.nat(30),
      wants: fc.nat(40),
      callbacks: fc.nat(5),
      maxConcurrent: fc.nat(50),
      weight: fc.integer({ min: 1, max: 5 }),
      closesInMs: fc.option(fc.integer({ min: -1_000, max: 7_200_000 })),
    }),
    { maxLength: 9 },
  )
  .map((rows) => rows.map((row, i) => ({ id: `c${i}`, ...row })));

it('Whatever the crowd: never more than is free, nobody above wish or limit, and nothing left that somebody could use', () => {
  fc.assert(
    fc.property(crowd, fc.integer({ min: -5, max: 200 }), fc.nat(10), (seekers, free, floor) => {
      const shares = shareFreeSlots({ seekers, free, floor });
      const given = [...shares.values()].reduce((sum, share) => sum + share, 0);
      const roomOf = (one: SlotSeeker) => Math.max(0, Math.min(one.wants, one.maxConcurrent - one.active));
      const room = seekers.reduce((sum, one) => sum + roomOf(one), 0);
      expect(given).toBeLessThanOrEqual(Math.max(0, free));
      expect(given).toBeGreaterThanOrEqual(Math.min(room, Math.max(0, free - floor)));
      for (const one of seekers) expect(shares.get(one.id) ?? 0).toBeLessThanOrEqual(roomOf(one));
    }),
  );
});

it('With equal weights nobody who could use more stays below a neighbour that was given a slot', () => {
  fc.assert(
    fc.property(crowd, fc.nat(200), (rows, free) => {
      const seekers = rows.map((row) => ({ ...row, tenantId: 'one', weight: 1, closesInMs: null }));
      const shares = shareFreeSlots({ seekers, free });
      const heldBy = (one: SlotSeeker) => one.active + (shares.get(one.id) ?? 0);
      const hungry = seekers.filter((one) => heldBy(one) < Math.min(one.maxConcurrent, one.active + one.wants));
      const fed = seekers.filter((one) => shares.has(one.id));
      for (const one of hungry) for (const other of fed) expect(heldBy(one)).toBeGreaterThanOrEqual(heldBy(other) - 1);
    }),
  );
});

it('Campaigns of 100,000, 500 and 50 contacts on 50 slots: the small ones finish in minutes', () => {
  // Progressive; a call holds its slot for 35 s (26 s of ringing, and one in seven a minute of talk); "b" comes after 5 minutes, "c" after 10, as in the reference.
  const callMs = 35_000;
  const minute = 60_000;
  const campaigns = [
    { id: 'a', contacts: 100_000, from: 0 },
    { id: 'b', contacts: 500, from: 5 * minute },
    { id: 'c', contacts: 50, from: 10 * minute },
  ].map((campaign) => ({ ...campaign, waiting: campaign.contacts, ends: [] as number[], doneAt: Infinity }));
  let calls = 0;
  for (let now = 0; now < 120 * minute; now += 500) {
    for (const one of campaigns) {
      one.ends = one.ends.filter((endsAt) => endsAt > now);
      if (one.waiting === 0 && one.ends.length === 0) one.doneAt = Math.min(one.doneAt, now);
    }
    const here = campaigns.filter((one) => now >= one.from && one.waiting > 0);
    const free = 50 - campaigns.reduce((sum, one) => sum + one.ends.length, 0);
    const seekers = here.map((one) => seeker(one.id, { tenantId: one.id, active: one.ends.length, wants: one.waiting }));
    const shares = shareFreeSlots({ seekers, free });
    for (const one of here) {
      const started = shares.get(one.id) ?? 0;
      one.waiting -= started;
      calls += started;
      one.ends.push(...Array.from({ length: started }, (_, i) => now + callMs + 37 * (i % 500)));
    }
  }
  const [big, middle, small] = campaigns.map((one) => (one.doneAt - one.from) / minute);
  expect(small).toBeLessThan(4);
  expect(middle).toBeLessThan(15);
  expect(big).toBe(Infinity);
  expect(calls).toBeGreaterThan(0.95 * ((120 * minute * 50) / callMs)); // and no slot was idle for the sake of fairness
});
