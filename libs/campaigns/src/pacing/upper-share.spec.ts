import { upperShare } from './upper-share.js';

/** The share of the Beta(hits + 1, total − hits + 1) posterior below x, by the trapezoid rule. */
function posteriorBelow(x: number, hits: number, total: number): number {
  const steps = 20_000;
  const density = (p: number) => Math.exp(hits * Math.log(p) + (total - hits) * Math.log(1 - p) + total);
  let [below, all] = [0, 0];
  for (let i = 1; i < steps; i++) {
    const mass = density(i / steps);
    all += mass;
    if (i / steps <= x) below += mass;
  }
  return below / all;
}

it.each([
  [0, 30],
  [5, 30],
  [15, 100],
  [0, 400],
  [60, 400],
  [200, 500],
])('After %d of %d the bound has 95 to 98.5 %% of the posterior below it', (hits, total) => {
  const below = posteriorBelow(upperShare(hits, total), hits, total);
  expect(below).toBeGreaterThan(0.949);
  expect(below).toBeLessThan(0.985);
});

it('Without evidence nearly everything is possible, and faded evidence counts as what is left of it', () => {
  expect(upperShare(0, 0)).toBeGreaterThan(0.95);
  expect(upperShare(7.5, 50)).toBeGreaterThan(upperShare(75, 500));
});
