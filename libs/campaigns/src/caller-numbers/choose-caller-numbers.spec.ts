import fc from 'fast-check';
import { chooseCallerNumbers, type CallerNumber, type CallerNumberUsage, type NumberlessCall } from './choose-caller-numbers.js';

const now = new Date('2026-03-02T10:00:00Z');
const number = (phoneE164: string, changes: Partial<CallerNumber> = {}): CallerNumber => ({
  phoneE164,
  country: 'US',
  region: null,
  maxConcurrent: null,
  dailyCap: null,
  enabled: true,
  restingUntil: null,
  ...changes,
});
const call = (changes: Partial<NumberlessCall> = {}): NumberlessCall => ({
  callId: 'c',
  country: 'US',
  regions: [],
  shownBefore: [],
  ...changes,
});
const choose = (calls: NumberlessCall[], numbers: CallerNumber[], usage: [string, CallerNumberUsage][] = []) =>
  chooseCallerNumbers(calls, numbers, new Map(usage), now);
const shown = (...args: Parameters<typeof choose>) => choose(...args).map(({ phoneE164 }) => phoneE164);

const california = number('+14155550100', { region: 'CA' });
const texas = number('+12145550100', { region: 'TX' });
const paris = number('+33155550100', { country: 'FR' });

describe('local presence', () => {
  it('A contact sees a number of their region', () => {
    expect(shown([call({ regions: ['CA'] }), call({ regions: ['TX'] })], [texas, california, paris])).toEqual([
      '+14155550100',
      '+12145550100',
    ]);
  });

  it('Without one of the region it is one of the country, without that any', () => {
    expect(shown([call({ regions: ['NY'] })], [paris, texas])).toEqual(['+12145550100']);
    expect(shown([call({ country: 'DE' })], [paris])).toEqual(['+33155550100']);
    expect(shown([call({ country: null })], [paris])).toEqual(['+33155550100']);
  });

  it('A region of the same name abroad is not local', () => {
    const catalonia = number('+34155550100', { country: 'ES', region: 'CA' });
    expect(shown([call({ regions: ['CA'] })], [catalonia, texas])).toEqual(['+12145550100']);
  });
});

describe('rotation', () => {
  it('The number least used for its cap comes next, those of this batch counted in', () => {
    const numbers = [number('+1a', { dailyCap: 100 }), number('+1b', { dailyCap: 300 })];
    const usage: [string, CallerNumberUsage][] = [['+1a', { today: 10, open: 0 }]];
    // 10/100 against 0/300: b takes calls until 30/300, then both in turn, a first by its number
    expect(shown(Array(30).fill(call()), numbers, usage)).toEqual(Array(30).fill('+1b'));
    expect(shown(Array(4).fill(call()), numbers, [...usage, ['+1b', { today: 30, open: 0 }]])).toEqual(['+1a', '+1b', '+1b', '+1b']);
  });

  it('A retry shows a number that the contact has not seen, even from another region, but not from abroad', () => {
    const retry = call({ regions: ['CA'], shownBefore: ['+14155550100'] });
    expect(shown([retry], [california, texas, paris])).toEqual(['+12145550100']);
    expect(shown([{ ...retry, shownBefore: ['+14155550100', '+12145550100', '+12145550100'] }], [california, texas, paris])).toEqual([
      '+14155550100',
    ]);
  });
});

describe('when none is left', () => {
  const busy: [string, CallerNumberUsage] = ['+1b', { today: 5, open: 2 }];
  it.each([
    ['none', [], null],
    ['disabled', [number('+1a', { enabled: false })], null],
    ['daily_cap', [number('+1b', { dailyCap: 5 }), number('+1a', { enabled: false })], null],
    [
      'resting',
      [
        number('+1a', { restingUntil: new Date('2026-03-02T12:00:00Z') }),
        number('+1c', { restingUntil: new Date('2026-03-02T11:00:00Z') }),
      ],
      '11:00',
    ],
    ['concurrency', [number('+1b', { maxConcurrent: 2 }), number('+1a', { restingUntil: new Date('2026-03-02T11:00:00Z') })], null],
  ])('the answer says why: %s', (reason, numbers, until) => {
    expect(choose([call()], numbers, [busy])).toEqual([
      { callId: 'c', phoneE164: null, reason, until: until && new Date(`2026-03-02T${until}:00Z`) },
    ]);
  });

  it('A number that has rested long enough is used again', () => {
    expect(shown([call()], [number('+1a', { restingUntil: now })])).toEqual(['+1a']);
  });
});

describe('whatever the batch', () => {
  const limit = fc.option(fc.nat(4));
  const someNumber = fc.record({
    country: fc.constantFrom('US', 'FR', null),
    region: fc.constantFrom('CA', 'TX', null),
    maxConcurrent: limit,
    dailyCap: fc.option(fc.integer({ min: 1, max: 6 })),
    enabled: fc.boolean(),
    restingUntil: fc.constantFrom(null, new Date(now.getTime() - 1), new Date(now.getTime() + 1)),
  });
  const someNumbers = fc.array(someNumber, { maxLength: 6 }).map((all) => all.map((each, i) => number(`+1${i}`, each)));
  const someUsage = fc.array(fc.record({ today: fc.nat(6), open: fc.nat(4) }), { minLength: 6, maxLength: 6 });
  const someCalls = fc.array(
    fc.record({
      country: fc.constantFrom('US', 'FR', null),
      regions: fc.subarray(['CA', 'TX']),
      shownBefore: fc.subarray(['+10', '+11', '+12']),
    }),
    { maxLength: 20 },
  );

  it('no number goes over its caps, none that rests is used, and a call goes without only when none is left', () => {
    fc.assert(
      fc.property(someCalls, someNumbers, someUsage, (rows, numbers, used) => {
        const usage = new Map(numbers.map(({ phoneE164 }, i) => [phoneE164, used[i] ?? { today: 0, open: 0 }]));
        const calls = rows.map((row, i) => call({ ...row, callId: `c${i}` }));
        const choices = chooseCallerNumbers(calls, numbers, usage, now);
        expect(choices.map(({ callId }) => callId)).toEqual(calls.map(({ callId }) => callId));

        const roomOf = ({ phoneE164, maxConcurrent, dailyCap, enabled, restingUntil }: CallerNumber) => {
          const { today, open } = usage.get(phoneE164) ?? { today: 0, open: 0 };
          if (!enabled || (restingUntil && restingUntil > now)) return 0;
          return Math.max(0, Math.min((dailyCap ?? Infinity) - today, (maxConcurrent ?? Infinity) - open));
        };
        for (const each of numbers) {
          expect(choices.filter(({ phoneE164 }) => phoneE164 === each.phoneE164).length).toBeLessThanOrEqual(roomOf(each));
        }
        const room = numbers.reduce((sum, each) => sum + roomOf(each), 0);
        expect(choices.filter(({ phoneE164 }) => phoneE164 !== null)).toHaveLength(Math.min(room, calls.length));
        expect(chooseCallerNumbers(calls, [...numbers].reverse(), usage, now)).toEqual(choices); // the order they are read in does not matter
      }),
    );
  });
});
