import { AnswerRates } from './answer-rates.js';
import { seeded } from '../testing/seeded.js';

const NINE = Date.UTC(2026, 0, 5, 9);
const HOUR = 3_600_000;

/** So many calls, evenly from `from` on; every answer comes after 6 to 18 s of ringing, the others ring for 28 s. */
function dial(
  rates: AnswerRates,
  { calls, rate, from = NINE, everyMs = 500 }: { calls: number; rate: number; from?: number; everyMs?: number },
): void {
  const random = seeded(7);
  for (let i = 0; i < calls; i++) {
    const answered = random() < rate;
    rates.observe({ at: from + i * everyMs, ringMs: answered ? 6_000 + 12_000 * random() : 28_000, answered });
  }
}

it('Until 30 calls are known every phone may be answered', () => {
  const rates = new AnswerRates();
  expect(rates.answerProbability(0, NINE)).toBe(1);
  dial(rates, { calls: 29, rate: 0.1 });
  expect(rates.answerProbability(20_000, NINE)).toBe(1);
  dial(rates, { calls: 10, rate: 0.1, from: NINE + 20_000 });
  expect(rates.answerProbability(0, NINE)).toBeLessThan(0.5);
});

it('A rate of 15 % is learned as a little more than that', () => {
  const rates = new AnswerRates();
  dial(rates, { calls: 1_500, rate: 0.15 });
  expect(rates.answerProbability(0, NINE)).toBeGreaterThan(0.15);
  expect(rates.answerProbability(0, NINE)).toBeLessThan(0.21);
});

it('A phone that has rung for 12 s is picked up half as often, one at 20 s hardly ever, one that rings longer than any before perhaps', () => {
  const rates = new AnswerRates();
  dial(rates, { calls: 1_500, rate: 0.15 });
  const fresh = rates.answerProbability(0, NINE);
  expect(rates.answerProbability(12_000, NINE)).toBeGreaterThan(0.4 * fresh);
  expect(rates.answerProbability(12_000, NINE)).toBeLessThan(0.7 * fresh);
  expect(rates.answerProbability(20_000, NINE)).toBeLessThan(0.015);
  expect(rates.answerProbability(40_000, NINE)).toBeGreaterThan(0.9);
});

it('Within the next seconds fewer are answered than at all', () => {
  const rates = new AnswerRates();
  dial(rates, { calls: 1_500, rate: 0.15 });
  expect(rates.answerProbability(0, NINE, 3_000)).toBeLessThan(0.015);
  expect(rates.answerProbability(6_000, NINE, 6_000)).toBeLessThan(0.7 * rates.answerProbability(6_000, NINE));
  expect(rates.answerProbability(0, NINE, 60_000)).toBe(rates.answerProbability(0, NINE));
});

it('A rate that jumps from 15 to 40 % is followed within a few hundred calls', () => {
  const rates = new AnswerRates();
  dial(rates, { calls: 1_000, rate: 0.15, everyMs: 100 });
  dial(rates, { calls: 400, rate: 0.4, everyMs: 100, from: NINE + 100_000 });
  expect(rates.answerProbability(0, NINE)).toBeGreaterThan(0.28);
  dial(rates, { calls: 800, rate: 0.4, everyMs: 100, from: NINE + 140_000 });
  expect(rates.answerProbability(0, NINE)).toBeGreaterThan(0.37);
});

it('The hour of the day before is expected again, until today shows otherwise', () => {
  const rates = new AnswerRates();
  const evening = NINE + 9 * HOUR;
  dial(rates, { calls: 1_000, rate: 0.4, from: evening });
  dial(rates, { calls: 1_000, rate: 0.1, from: evening + 23 * HOUR });
  expect(rates.answerProbability(0, evening + 23.5 * HOUR)).toBeLessThan(0.15);
  expect(rates.answerProbability(0, evening + 24 * HOUR)).toBeGreaterThan(0.38);
  dial(rates, { calls: 2_000, rate: 0.1, from: evening + 24 * HOUR });
  expect(rates.answerProbability(0, evening + 24.5 * HOUR)).toBeLessThan(0.15);
});

it('After a night without calls it starts with caution again', () => {
  const rates = new AnswerRates();
  dial(rates, { calls: 1_000, rate: 0.15 });
  rates.observe({ at: NINE + 14 * HOUR, ringMs: 28_000, answered: false });
  expect(rates.answerProbability(0, NINE + 14 * HOUR)).toBe(1);
});

it('Another leader goes on with what this one wrote down, and it never grows', () => {
  const rates = new AnswerRates();
  dial(rates, { calls: 300, rate: 0.3 });
  const written = JSON.stringify(rates);
  const successor = new AnswerRates(JSON.parse(written) as ReturnType<AnswerRates['toJSON']>);
  dial(rates, { calls: 300, rate: 0.2, from: NINE + HOUR });
  dial(successor, { calls: 300, rate: 0.2, from: NINE + HOUR });
  for (const ringing of [0, 9_000, 17_000, 25_000]) {
    expect(successor.answerProbability(ringing, NINE)).toBe(rates.answerProbability(ringing, NINE));
  }
  dial(rates, { calls: 20_000, rate: 0.2, from: NINE + 2 * HOUR });
  expect(JSON.stringify(rates).length).toBeLessThan(6_000);
});
