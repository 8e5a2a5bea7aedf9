import type { CallerNumber } from './choose-caller-numbers.js';
import { nextFreeNumberAt } from './next-free-number.js';

const NOON = new Date('2026-03-02T12:00:00Z');
const MIDNIGHT = new Date('2026-03-03T00:00:00Z');
const times = { now: NOON, dayEndsAt: MIDNIGHT };
const number = (phoneE164: string, changes: Partial<CallerNumber> = {}): CallerNumber => ({
  ...{ phoneE164, country: 'US', region: null, maxConcurrent: null, dailyCap: null, enabled: true, restingUntil: null },
  ...changes,
});
const used = (entries: Record<string, [today: number, open: number]>) =>
  new Map(Object.entries(entries).map(([phone, [today, open]]) => [phone, { today, open }]));

it('The number that is free first decides', () => {
  const rested = new Date('2026-03-02T18:00:00Z');
  const numbers = [number('a', { dailyCap: 5 }), number('b', { restingUntil: rested })];
  expect(nextFreeNumberAt(numbers, used({ a: [5, 0] }), times)).toEqual(rested);
});

it('A number that rests and has had its day is free when both are over', () => {
  const rested = new Date('2026-03-02T18:00:00Z');
  expect(nextFreeNumberAt([number('a', { dailyCap: 5, restingUntil: rested })], used({ a: [5, 0] }), times)).toEqual(MIDNIGHT);
});

it('A number whose calls are as many as it may have at once is looked at in half a minute', () => {
  expect(nextFreeNumberAt([number('a', { maxConcurrent: 1 })], used({ a: [1, 1] }), times)).toEqual(new Date('2026-03-02T12:00:30Z'));
});

it('Numbers that are switched off do not come back by themselves', () => {
  expect(nextFreeNumberAt([number('a', { enabled: false }), number('b', { dailyCap: 0 })], used({}), times)).toBeNull();
});
