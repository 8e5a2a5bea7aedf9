import fc from 'fast-check';
import { runSharedFleet, type FleetCampaign } from '../testing/shared-fleet.js';
import { AnswerRates, type AnswerOdds } from './answer-rates.js';
import { desiredSlots, slotsHeld } from './desired-slots.js';
import { dialsToStart, type Pacing } from './dials-to-start.js';

const rate = (p: number): AnswerOdds => ({ answerProbability: () => p });
const pacing = (more: Partial<Pacing> = {}): Pacing => ({
  mode: 'overlap',
  slots: 100,
  talking: 0,
  ringing: [],
  now: 0,
  rates: rate(0.15),
  abandonment: null,
  ...more,
});
const rings = (phones: number, ageMs = 0) => Array.from({ length: phones }, () => ageMs);

it('Progressive starts a call for each slot that nobody talks on and no phone rings for', () => {
  expect(dialsToStart(pacing({ mode: 'progressive', talking: 40, ringing: rings(25) }))).toBe(35);
  expect(dialsToStart(pacing({ mode: 'progressive', talking: 90, ringing: rings(25) }))).toBe(0);
});

it('Overlap lets so many phones ring that more are answered than slots are free once in a hundred times', () => {
  // 30 free slots, 3 of them reserve: 123 phones at 15 % are answered 27 times or less with 99.1 %, 124 with 98.97 % (binomial distribution).
  const dials = dialsToStart(pacing({ talking: 70 }));
  expect(dials).toBeGreaterThanOrEqual(115);
  expect(dials).toBeLessThanOrEqual(123);
  expect(dialsToStart(pacing({ talking: 70, ringing: rings(100) }))).toBe(dials - 100);
});

it('With nothing learned overlap is progressive', () => {
  expect(dialsToStart(pacing({ rates: new AnswerRates(), talking: 20, ringing: rings(30) }))).toBe(50);
});

it('A talk on the catch reserve stops dialing at once', () => {
  expect(dialsToStart(pacing({ talking: 97, rates: rate(0.0001) }))).toBeGreaterThan(0);
  expect(dialsToStart(pacing({ talking: 98, rates: rate(0.0001) }))).toBe(0);
});

it('However rare answers are, no more than three calls are open per slot', () => {
  expect(dialsToStart(pacing({ talking: 50, ringing: rings(100), rates: rate(0.0001) }))).toBe(150);
  expect(dialsToStart(pacing({ talking: 50, ringing: rings(100), rates: rate(0.0001), overdialCap: 2 }))).toBe(50);
});

it('Near the limit of abandoned calls overlap becomes progressive, and where none is allowed it always is', () => {
  const near = (abandoned: number, limit = 0.03) =>
    dialsToStart(pacing({ talking: 70, abandonment: { answered: 1_000, abandoned, limit } }));
  expect(near(23)).toBeGreaterThan(30);
  expect(near(24)).toBe(30);
  expect(near(0, 0)).toBe(30);
});

it('Talks that will have ended make room for more phones', () => {
  const talkedMs = rings(70, 30_000);
  const among = (goesOn: number) => dialsToStart(pacing({ talking: 70, finishing: { talkedMs, times: { among: () => () => goesOn } } }));
  expect(among(1)).toBe(dialsToStart(pacing({ talking: 70 })));
  expect(among(0.8)).toBeGreaterThan(1.3 * among(1));
});

const situation = fc.record({
  mode: fc.constantFrom('progressive' as const, 'overlap' as const),
  slots: fc.nat(60),
  talking: fc.nat(60),
  ringing: fc.array(fc.nat(40_000), { maxLength: 120 }),
  p: fc.double({ min: 0, max: 1, noNaN: true }),
  goesOn: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});
const from = ({ p, goesOn, ...rest }: typeof situation extends fc.Arbitrary<infer S> ? S : never): Pacing => {
  const finishing = goesOn === null ? null : { talkedMs: rings(rest.talking, 9_000), times: { among: () => () => goesOn } };
  return pacing({ ...rest, rates: rate(p), finishing });
};

it('Whatever the situation: never negative, never above the caps, progressive never above the slots, overlap never below progressive while the reserve is free', () => {
  fc.assert(
    fc.property(situation, (drawn) => {
      const given = from(drawn);
      const dials = dialsToStart(given);
      const open = given.talking + given.ringing.length;
      expect(Number.isInteger(dials) && dials >= 0).toBe(true);
      const cap = given.mode === 'progressive' ? given.slots : 3 * given.slots;
      if (dials > 0) expect(open + dials).toBeLessThanOrEqual(cap);
      const reserveInUse = given.talking > given.slots - Math.round(0.03 * given.slots);
      if (!reserveInUse) expect(dials).toBeGreaterThanOrEqual(dialsToStart({ ...given, mode: 'progressive' }));
    }),
  );
});

it('One free slot more never means fewer calls, one ringing phone more never means more', () => {
  fc.assert(
    fc.property(situation, (drawn) => {
      const given = from({ ...drawn, goesOn: null });
      expect(dialsToStart({ ...given, ringing: [...given.ringing, 0] })).toBeLessThanOrEqual(dialsToStart(given));
      const talking = Math.max(0, given.talking - 1);
      // Where the sum becomes the curve the tail may move by 3 % of itself: a call or two in a hundred.
      expect(dialsToStart({ ...given, talking })).toBeGreaterThanOrEqual(dialsToStart(given) - 2);
    }),
  );
});

const campaign = (id: string, more: Partial<FleetCampaign> = {}): FleetCampaign => ({
  id,
  mode: 'overlap',
  answerRate: 0.3,
  talkMs: 60_000,
  ...more,
});

it('Twenty minutes on 40 slots, learning included: most of the slots talk, less than one call in a hundred is abandoned', () => {
  const [only] = runSharedFleet([campaign('only')], 40, { hours: 1 / 3, seed: 11 });
  expect(only?.utilisation).toBeGreaterThan(0.6);
  expect(only?.abandoned).toBeLessThanOrEqual(0.01 * (only?.answered ?? 0));
});

it('Campaigns of different modes and rates on one fleet each stay within the bound, and progressive abandons nobody', () => {
  const rows = [
    campaign('often', { answerRate: 0.4 }),
    campaign('seldom', { answerRate: 0.12 }),
    campaign('careful', { mode: 'progressive' }),
  ];
  const [often, seldom, careful] = runSharedFleet(rows, 60, { hours: 1 / 3, seed: 12 });
  for (const one of [often, seldom]) expect(one?.abandoned).toBeLessThanOrEqual(0.01 * (one?.answered ?? 0));
  expect(careful?.abandoned).toBe(0);
  expect((often?.utilisation ?? 0) + (seldom?.utilisation ?? 0) + (careful?.utilisation ?? 0)).toBeGreaterThan(0.5);
});

it('A campaign holds the slots that its phones need, and wishes for as many as would serve all that is due', () => {
  const open = { mode: 'overlap' as const, talking: 10, ringing: rings(40), now: 0, rates: rate(0.15) };
  expect(slotsHeld({ ...open, mode: 'progressive' })).toBe(50);
  expect(slotsHeld(open)).toBe(22); // 40 phones at 15 %: more than 12 answers with a probability of 0.6 %, more than 11 of 1.7 %
  expect(desiredSlots({ ...open, mode: 'progressive', due: 100 })).toBe(150);
  const desired = desiredSlots({ ...open, due: 100 });
  expect(desired).toBeGreaterThanOrEqual(50);
  expect(desired).toBeLessThan(60);
  expect(dialsToStart(pacing({ ...open, slots: desired }))).toBeGreaterThanOrEqual(98);
  expect(desiredSlots({ ...open, talking: 0, ringing: [], due: 0 })).toBe(0);
});
