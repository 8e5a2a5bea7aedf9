import fc from 'fast-check';
import { AnswerCount } from './answer-count.js';

const chance = fc.double({ min: 0, max: 1, noNaN: true });

/** P(more than `limit`), with every probability written out. */
function tail(chances: readonly number[], limit: number): number {
  const mass = [1];
  for (const p of chances) {
    mass.push(0);
    for (let k = mass.length - 1; k >= 0; k--) mass[k] = (mass[k] ?? 0) * (1 - p) + (mass[k - 1] ?? 0) * p;
  }
  return mass.slice(Math.max(0, limit + 1)).reduce((sum, p) => sum + p, 0);
}

function counted(chances: readonly number[], limit: number): number {
  const count = new AnswerCount();
  for (const p of chances) count.add(p);
  return count.above(limit);
}

it('Two of three phones at a half each: an eighth that all answer, a half that two or more do', () => {
  expect(counted([0.5, 0.5, 0.5], 2)).toBeCloseTo(0.125);
  expect(counted([0.5, 0.5, 0.5], 1)).toBeCloseTo(0.5);
  expect(counted([0.5, 0.5, 0.5], 3)).toBe(0);
});

it('The tail of few phones is exact', () => {
  fc.assert(
    fc.property(fc.array(chance, { maxLength: 25 }), fc.nat(25), (chances, limit) => {
      expect(counted(chances, limit)).toBeCloseTo(tail(chances, limit), 10);
    }),
  );
});

it('Phones counted together are the same as phones counted one by one, also after a first look', () => {
  const together = new AnswerCount();
  together.add(0.2, 4);
  together.above(3);
  together.add(0.1, 3);
  expect(together.above(3)).toBeCloseTo(tail([0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1], 3), 12);
});

it.each([60, 150, 300, 600])(
  'With %d phones the curve is within 5 %% of a tail of about 1 %%, and not below it by more than 1 %% of it',
  (phones) => {
    const chances = Array.from({ length: phones }, (_, i) => 0.35 * Math.max(0.02, Math.cos((i / phones) * 1.6)));
    const limit = chances.findIndex((_, candidate) => tail(chances, candidate) < 0.012);
    const exact = tail(chances, limit);
    expect(counted(chances, limit)).toBeGreaterThan(0.99 * exact);
    expect(counted(chances, limit)).toBeLessThan(1.05 * exact);
  },
);

it('A limit below zero is always passed, and certain answers are certain', () => {
  expect(counted([], -1)).toBe(1);
  expect(counted([1, 1, 1], 2)).toBe(1);
  expect(counted([1, 1, 1], 3)).toBe(0);
});
