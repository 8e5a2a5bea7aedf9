import fc from 'fast-check';
import { DEFAULT_CAMPAIGN_SETTINGS } from '@carillon/contracts';
import { expectRetries } from './expect-retries.js';
import { forecastCampaign } from './forecast-campaign.js';
import type { ForecastBucket, ForecastInput, Opening } from './forecast-types.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Day 2 is Monday 2 March 2026, in UTC. */
const utc = (day: number, time: string) => new Date(`2026-03-${String(day).padStart(2, '0')}T${time.length === 5 ? `${time}:00` : time}Z`);

const always = (at: Date): Opening => ({ opensAt: at, closesAt: new Date(at.getTime() + 365 * DAY) });
const daily =
  (fromHour: number, toHour: number) =>
  (at: Date): Opening => {
    const day = Math.floor(at.getTime() / DAY) * DAY;
    const start = at.getTime() < day + toHour * HOUR ? day : day + DAY;
    return { opensAt: new Date(start + fromHour * HOUR), closesAt: new Date(start + toHour * HOUR) };
  };
const bucket = (fresh: number, changes: Partial<ForecastBucket> = {}): ForecastBucket => ({
  label: 'all',
  country: 'US',
  waiting: { callback: 0, retry: 0, fresh },
  nextOpening: always,
  blocked: [],
  ...changes,
});

/** Ten slots, 36 seconds a call: 20 s of ringing and 64 s of talk for each fourth. So 1,000 calls an hour. */
const forecast = (changes: Partial<ForecastInput>) =>
  forecastCampaign({
    now: utc(2, '10:00'),
    startsAt: null,
    endsAt: null,
    buckets: [bucket(100)],
    slots: 10,
    maxConcurrent: 100,
    callsPerSecond: null,
    dailyCaps: [],
    countries: {},
    callerNumbers: null,
    rates: { answerRate: 0.25, ringMs: 20_000, talkMs: 64_000, conversationShare: 1 },
    retry: { maxAttempts: 1, againShare: 0, delayMs: 0 },
    budget: null,
    ...changes,
  });

describe('how long it takes', () => {
  it('A hundred contacts on ten slots are called in six minutes', () => {
    expect(forecast({})).toEqual({
      startsAt: utc(2, '10:00'),
      finishesAt: utc(2, '10:06'),
      unfinished: null,
      expectedCalls: 100,
      expectedConversations: 25,
      expectedCost: null,
      blocked: [],
      timeline: [{ hour: '2026-03-02T10:00:00.000Z', calls: 100, waiting: 0, limitedBy: null }],
    });
  });

  it('The campaign may use fewer slots than there are', () => {
    const { finishesAt, timeline } = forecast({ maxConcurrent: 5 });
    expect([finishesAt, timeline[0]?.limitedBy]).toEqual([utc(2, '10:12'), null]);
    expect(forecast({ maxConcurrent: 5, buckets: [bucket(1_000)] }).timeline[0]?.limitedBy).toBe('max_concurrent');
    expect(forecast({ buckets: [bucket(2_000)] }).timeline[0]?.limitedBy).toBe('slots');
  });

  it('A rate of one call in ten seconds makes it a thousand seconds', () => {
    const { finishesAt, timeline } = forecast({ callsPerSecond: 0.1 });
    expect(finishesAt).toEqual(utc(2, '10:16:40'));
    expect(timeline[0]?.limitedBy).toBe('rate');
  });

  it('Half of the calls are followed by another after two hours: 100, 50 and 25', () => {
    const { expectedCalls, finishesAt, timeline } = forecast({ retry: { maxAttempts: 3, againShare: 0.5, delayMs: 2 * HOUR } });
    expect(expectedCalls).toBe(175);
    expect(finishesAt).toEqual(utc(2, '14:01:30')); // 25 calls at 3.6 s
    expect(timeline.map(({ calls }) => calls)).toEqual([100, 0, 50, 0, 25]);
    expect(timeline.map(({ waiting }) => waiting)).toEqual([50, 50, 25, 25, 0]);
    expect(timeline[1]?.limitedBy).toBe('retry_delay');
  });

  it('Retries have one call less to come, callbacks are the last, and what is due later is called later', () => {
    const waiting = { callback: 10, retry: 40, fresh: 0 };
    const { expectedCalls, finishesAt } = forecast({
      buckets: [bucket(0, { waiting, later: [{ at: utc(2, '18:00'), contacts: 100 }] })],
      retry: { maxAttempts: 2, againShare: 0.5, delayMs: HOUR },
    });
    expect(expectedCalls).toBe(150);
    expect(finishesAt).toEqual(utc(2, '18:06'));
  });

  it('A campaign without contacts is done at once', () => {
    expect(forecast({ buckets: [] })).toMatchObject({ startsAt: null, finishesAt: utc(2, '10:00'), expectedCalls: 0, timeline: [] });
  });
});

describe('windows', () => {
  it('Twenty thousand contacts, a thousand an hour, eight hours a day: done on the third day at one', () => {
    const { startsAt, finishesAt, timeline } = forecast({ now: utc(2, '06:20'), buckets: [bucket(20_000, { nextOpening: daily(9, 17) })] });
    expect(startsAt).toEqual(utc(2, '09:00'));
    expect(finishesAt).toEqual(utc(4, '13:00'));
    const at = (hour: string) => timeline.find((each) => each.hour.startsWith(hour));
    expect(at('2026-03-02T06')).toMatchObject({ calls: 0, waiting: 20_000, limitedBy: 'windows' });
    expect(at('2026-03-02T16')).toMatchObject({ calls: 1_000, waiting: 12_000, limitedBy: 'slots' });
    expect(at('2026-03-02T17')).toMatchObject({ calls: 0, waiting: 12_000, limitedBy: 'windows' });
  });

  it('Windows hold back also when each of many buckets has less than half a contact left', () => {
    const buckets = Array.from({ length: 10 }, () => bucket(0.3, { nextOpening: daily(9, 17) }));
    expect(forecast({ now: utc(2, '06:20'), buckets }).timeline[0]).toMatchObject({ waiting: 3, limitedBy: 'windows' });
  });

  it('A window that opens at ten to ten is open for ten minutes of that hour', () => {
    const odd = (at: Date): Opening => ({ opensAt: utc(2, '09:50'), closesAt: always(at).closesAt });
    const { startsAt, timeline } = forecast({ now: utc(2, '09:00'), buckets: [bucket(1_000, { nextOpening: odd })] });
    expect(startsAt).toEqual(utc(2, '09:50'));
    expect(timeline.map(({ calls }) => calls)).toEqual([167, 833]);
  });

  it('The coast that closes first is called first', () => {
    // New York 14–23 UTC and Los Angeles 17–02, both with 7,000: the east is done at 21:00, the west then takes seven hours, of which five are left today
    const east = bucket(7_000, { label: 'east', nextOpening: daily(14, 23) });
    const west = bucket(7_000, { label: 'west', nextOpening: (at) => shifted(daily(14, 23), at, 3 * HOUR) });
    const { finishesAt } = forecast({ now: utc(2, '14:00'), buckets: [west, east] });
    expect(finishesAt).toEqual(utc(3, '19:00'));
  });
  const shifted = (opening: (at: Date) => Opening, at: Date, byMs: number): Opening => {
    const { opensAt, closesAt } = opening(new Date(at.getTime() - byMs));
    return { opensAt: new Date(opensAt.getTime() + byMs), closesAt: new Date(closesAt.getTime() + byMs) };
  };

  it('Who can never be called is told apart, with the reason', () => {
    const buckets = [
      bucket(100, { blocked: [{ reason: 'consent_missing', contacts: 7 }] }),
      bucket(30, { nextOpening: () => null, blocked: [{ reason: 'consent_missing', contacts: 5 }] }),
    ];
    expect(forecast({ buckets })).toMatchObject({
      finishesAt: utc(2, '10:06'),
      expectedCalls: 100,
      blocked: [
        { reason: 'window_closed', contacts: 30 },
        { reason: 'consent_missing', contacts: 12 },
      ],
    });
  });

  it('A window that closes for good leaves the rest uncalled', () => {
    const once = (at: Date) => (at < utc(2, '11:00') ? { opensAt: utc(2, '10:00'), closesAt: utc(2, '11:00') } : null);
    const { finishesAt, unfinished, expectedCalls } = forecast({ buckets: [bucket(1_500, { nextOpening: once })] });
    expect({ finishesAt, unfinished, expectedCalls }).toEqual({
      finishesAt: null,
      unfinished: { reason: 'windows', contacts: 500 },
      expectedCalls: 1_000,
    });
  });
});

describe('what holds it back', () => {
  it('A daily cap of 300, of which 100 are left: a thousand contacts take till the fourth day', () => {
    const dailyCap = { remainingToday: 100, perDay: 300, resetsAt: utc(3, '00:00') };
    const { finishesAt, timeline } = forecast({ buckets: [bucket(1_000)], dailyCaps: [dailyCap] });
    expect(finishesAt).toEqual(utc(5, '00:18')); // 300 calls at 3.6 s
    expect(timeline[1]).toMatchObject({ calls: 0, waiting: 900, limitedBy: 'daily_cap' });
  });

  it('Caps begin anew each on its own day: 100 of the tenant from ten to five, 100 of the account from midnight', () => {
    const dailyCaps = [
      { remainingToday: 100, perDay: 300, resetsAt: utc(2, '17:00') },
      { remainingToday: 150, perDay: 150, resetsAt: utc(3, '00:00') },
    ];
    const { finishesAt, timeline } = forecast({ buckets: [bucket(300)], dailyCaps });
    const calls = timeline.filter((hour) => hour.calls > 0).map((hour) => [hour.hour.slice(8, 13), hour.calls]);
    expect(calls).toEqual([
      ['02T10', 100],
      ['02T17', 50],
      ['03T00', 150],
    ]);
    expect(finishesAt).toEqual(utc(3, '00:09')); // 150 calls at 3.6 s
  });

  it('A budget of ten, at 10 cents a call and 2 a minute, is spent after 95 calls', () => {
    // 0.10 + 0.25 × 64/60 × 0.02 = 0.10533 a call
    const budget = { remaining: 10, costPerCall: 0.1, costPerMinute: 0.02 };
    const { unfinished, expectedCalls, expectedCost } = forecast({ buckets: [bucket(1_000)], budget });
    expect({ unfinished, expectedCalls, expectedCost }).toEqual({
      unfinished: { reason: 'budget', contacts: 905 },
      expectedCalls: 95,
      expectedCost: 10,
    });
  });

  it('A country that takes one call in ten seconds is called for a thousand seconds, the other beside it', () => {
    const buckets = [bucket(100, { label: 'FR', country: 'FR' }), bucket(50, { label: 'US' })];
    const { finishesAt, timeline } = forecast({ buckets, countries: { FR: { callsPerSecond: 0.1, maxConcurrent: null } } });
    expect(finishesAt).toEqual(utc(2, '10:16:40'));
    expect(timeline[0]).toMatchObject({ calls: 150, limitedBy: 'country' }); // its first quarter: all 50 and 90 of the 100
  });

  it('A country that takes two calls at once is called at a fifth of the pace of ten slots', () => {
    const { finishesAt } = forecast({ countries: { US: { callsPerSecond: null, maxConcurrent: 2 } } });
    expect(finishesAt).toEqual(utc(2, '10:30'));
  });

  const number = { restsUntil: null, maxConcurrent: null, perDay: null, remainingToday: null };
  const callerNumbers = (numbers: object[]) => ({ numbers: numbers.map((each) => ({ ...number, ...each })), resetsAt: utc(3, '00:00') });

  it('Two numbers with forty calls a day each, one of which has made thirty: fifty today, fifty tomorrow', () => {
    const numbers = [
      { perDay: 40, remainingToday: 10 },
      { perDay: 40, remainingToday: 40 },
    ];
    const { finishesAt, timeline } = forecast({ callerNumbers: callerNumbers(numbers) });
    expect(finishesAt).toEqual(utc(3, '00:03')); // 50 calls at 3.6 s
    expect(timeline[1]).toMatchObject({ calls: 0, waiting: 50, limitedBy: 'caller_numbers' });
  });

  it('Two numbers with one call at once are two slots; when one rests for an hour it is one', () => {
    const two = [{ maxConcurrent: 1 }, { maxConcurrent: 1 }];
    expect(forecast({ callerNumbers: callerNumbers(two) }).finishesAt).toEqual(utc(2, '10:30'));
    const resting = [{ maxConcurrent: 1 }, { maxConcurrent: 1, restsUntil: utc(2, '10:30') }];
    expect(forecast({ callerNumbers: callerNumbers(resting) }).finishesAt).toEqual(utc(2, '10:45')); // 50 in half an hour, 50 in a quarter
  });

  it('A number without limits carries what the others cannot', () => {
    expect(forecast({ callerNumbers: callerNumbers([{ maxConcurrent: 1 }, {}]) }).finishesAt).toEqual(utc(2, '10:06'));
  });

  it('Of the answered calls only those with a person are conversations', () => {
    const rates = { answerRate: 0.25, ringMs: 20_000, talkMs: 64_000, conversationShare: 0.6 };
    expect(forecast({ rates })).toMatchObject({ expectedCalls: 100, expectedConversations: 15 });
  });

  it('The campaign begins when it may and ends when it must', () => {
    const { startsAt, unfinished } = forecast({ buckets: [bucket(5_000)], startsAt: utc(2, '12:00'), endsAt: utc(2, '14:30') });
    expect(startsAt).toEqual(utc(2, '12:00'));
    expect(unfinished).toEqual({ reason: 'campaign_ends', contacts: 2_500 });
  });

  it.each([
    ['slots', { slots: 0 }],
    ['max_concurrent', { maxConcurrent: 0 }],
    ['rate', { callsPerSecond: 0 }],
    ['daily_cap', { dailyCaps: [{ remainingToday: 0, perDay: 0, resetsAt: utc(3, '00:00') }] }],
    ['caller_numbers', { callerNumbers: callerNumbers([]) }],
    ['horizon', { buckets: [bucket(5_000_000)] }],
  ] as const)('no end is in sight because of %s', (reason, changes) => {
    const { finishesAt, unfinished, timeline } = forecast(changes);
    expect(finishesAt).toBeNull();
    expect(unfinished?.reason).toBe(reason);
    expect(timeline.length).toBeLessThanOrEqual(14 * 24);
  });
});

describe('what the retry settings lead one to expect', () => {
  it('Each outcome counts by its rule', () => {
    // no_answer 50 % again after 2 h, busy 10 % after 15 min; the rest is done
    const outcomes = { no_answer: 50, busy: 10, completed: 30, invalid_number: 5, blocked: 5 };
    const { maxAttempts, againShare, delayMs } = expectRetries(DEFAULT_CAMPAIGN_SETTINGS.retry, outcomes);
    expect({ maxAttempts, againShare }).toEqual({ maxAttempts: 3, againShare: 0.6 });
    expect(delayMs).toBe(((50 * 120 + 10 * 15) / 60) * 60_000);
  });

  it('Without outcomes nobody is called again', () => {
    expect(expectRetries(DEFAULT_CAMPAIGN_SETTINGS.retry, {})).toEqual({ maxAttempts: 3, againShare: 0, delayMs: 0 });
  });
});

describe('whatever the campaign', () => {
  const someBucket = fc.record({ fresh: fc.nat(2_000), from: fc.integer({ min: 0, max: 22 }), length: fc.integer({ min: 1, max: 24 }) });
  const someRetry = fc.record({
    maxAttempts: fc.integer({ min: 1, max: 4 }),
    againShare: fc.double({ min: 0, max: 1, noNaN: true }),
    delayMs: fc.nat(30 * HOUR),
  });
  const someLimits = fc.record({
    slots: fc.integer({ min: 1, max: 50 }),
    callsPerSecond: fc.option(fc.double({ min: 0.05, max: 2, noNaN: true })),
    perDay: fc.option(fc.integer({ min: 200, max: 5_000 })),
  });

  it('each contact gets its expected calls, no hour more than fits, none outside the windows, and the hours add up', () => {
    fc.assert(
      fc.property(fc.array(someBucket, { maxLength: 4 }), someRetry, someLimits, (rows, retry, { slots, callsPerSecond, perDay }) => {
        const buckets = rows.map(({ fresh, from, length }) => bucket(fresh, { nextOpening: daily(from, Math.min(24, from + length)) }));
        const dailyCaps = perDay === null ? [] : [{ remainingToday: perDay, perDay, resetsAt: utc(3, '00:00') }];
        const { timeline, expectedCalls, finishesAt, unfinished } = forecast({ buckets, retry, slots, callsPerSecond, dailyCaps });

        const contacts = rows.reduce((sum, { fresh }) => sum + fresh, 0);
        const callsEach = [...Array(retry.maxAttempts).keys()].reduce((sum, k) => sum + retry.againShare ** k, 0);
        expect(expectedCalls).toBeLessThanOrEqual(contacts * callsEach + 0.5);
        if (unfinished === null) expect(expectedCalls).toBeGreaterThanOrEqual(contacts * callsEach - 0.5 * callsEach - 0.5); // half a contact is left over

        for (const { hour, calls } of timeline) {
          const hourOfDay = Number(hour.slice(11, 13));
          expect(calls).toBeLessThanOrEqual(Math.min(slots * 100, (callsPerSecond ?? Infinity) * 3600) + 1);
          if (!rows.some(({ from, length }) => hourOfDay >= from && hourOfDay < from + length)) expect(calls).toBeLessThanOrEqual(0);
        }
        for (const day of new Set(timeline.map(({ hour }) => hour.slice(0, 10)))) {
          const today = timeline.filter(({ hour }) => hour.startsWith(day)).reduce((sum, { calls }) => sum + calls, 0);
          expect(today).toBeLessThanOrEqual((perDay ?? Infinity) + 1);
        }
        if (finishesAt && finishesAt.getTime() < utc(2, '10:00').getTime() + 13 * DAY) {
          expect(timeline.reduce((sum, { calls }) => sum + calls, 0)).toBe(expectedCalls);
        }
      }),
      { numRuns: 100 },
    );
  });
});
