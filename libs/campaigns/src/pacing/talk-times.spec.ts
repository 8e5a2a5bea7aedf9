import { seeded } from '../testing/seeded.js';
import { TalkTimes } from './talk-times.js';

const NINE = Date.UTC(2026, 0, 5, 9);

function talk(times: TalkTimes, talks: number, lengthMs: () => number): void {
  for (let i = 0; i < talks; i++) times.observe({ at: NINE + i * 500, talkMs: lengthMs() });
}

it('Before a talk has ended every talk goes on', () => {
  const goesOn = new TalkTimes().among([1_000, 50_000]);
  expect(goesOn(50_000, 12_000)).toBeGreaterThan(0.9);
});

it('Talks of a minute on average: in twelve seconds nearly a fifth of them ends, at whatever age', () => {
  const times = new TalkTimes();
  const random = seeded(3);
  talk(times, 2_000, () => -60_000 * Math.log(1 - random()));
  const goesOn = times.among([]);
  for (const age of [0, 30_000, 60_000]) {
    expect(goesOn(age, 12_000)).toBeGreaterThan(Math.exp(-12 / 60));
    expect(goesOn(age, 12_000)).toBeLessThan(Math.exp(-12 / 60) + 0.09);
  }
});

it('Talks that all last 60 to 80 s: a young one goes on, one of 65 s soon ends', () => {
  const times = new TalkTimes();
  const random = seeded(3);
  talk(times, 2_000, () => 60_000 + 20_000 * random());
  const goesOn = times.among([]);
  expect(goesOn(10_000, 24_000)).toBeGreaterThan(0.99);
  expect(goesOn(65_000, 16_000)).toBeLessThan(0.1);
});

it('Early in a campaign only short talks have ended: those that still run speak against them', () => {
  const times = new TalkTimes();
  talk(times, 10, () => 4_000);
  const running = Array.from({ length: 90 }, () => 20_000);
  expect(times.among([])(0, 12_000)).toBeLessThan(0.3);
  expect(times.among(running)(0, 12_000)).toBeGreaterThan(0.85);
});

it('Of a talk that lasts longer than ten minutes nothing is expected but that it goes on', () => {
  const times = new TalkTimes();
  talk(times, 100, () => 700_000);
  expect(times.among([])(650_000, 60_000)).toBe(1);
});

it('Another leader goes on with what this one wrote down', () => {
  const times = new TalkTimes();
  talk(times, 200, () => 42_000);
  const successor = new TalkTimes(JSON.parse(JSON.stringify(times)) as ReturnType<TalkTimes['toJSON']>);
  expect(successor.among([40_000])(40_000, 8_000)).toBe(times.among([40_000])(40_000, 8_000));
});
