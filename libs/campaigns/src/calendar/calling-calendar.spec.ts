import { WEEKDAYS, type DialingWindow } from '@carillon/contracts';
import fc from 'fast-check';
import { isInWindows } from '../testing/wall-clock.js';
import { isOpen, nextFlip, nextOpening, openIntervals, type CallingCalendar } from './calling-calendar.js';
import { weeklyHours } from './weekly-hours.js';
import { endOfDay } from './zone-offsets.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** All windows below begin and end, and all clocks change, at multiples of it. */
const STEP = 5 * MINUTE;
const at = (iso: string) => Date.parse(iso);
const daily = (from: string, to: string): DialingWindow[] => [{ days: [...WEEKDAYS], from, to }];
const calendarOf = (windows: DialingWindow[], ...zones: string[]): CallingCalendar => ({ zones, openMinutes: weeklyHours(windows) });
const opensAt = (calendar: CallingCalendar, from: string) => {
  const opening = nextOpening([calendar], at(from));
  return opening === null ? null : new Date(opening).toISOString();
};

describe('the morning after the clocks were changed', () => {
  const eightToNine = (zone: string) => calendarOf(daily('08:00', '21:00'), zone);
  it.each([
    ['America/New_York put forward', 'America/New_York', '2026-03-08T02:00:00Z', '2026-03-08T12:00:00.000Z'],
    ['America/New_York put back', 'America/New_York', '2026-11-01T03:00:00Z', '2026-11-01T13:00:00.000Z'],
    ['America/Los_Angeles put forward', 'America/Los_Angeles', '2026-03-08T06:00:00Z', '2026-03-08T15:00:00.000Z'],
    ['Europe/Berlin put forward', 'Europe/Berlin', '2026-03-28T21:00:00Z', '2026-03-29T06:00:00.000Z'],
    ['Europe/London put back', 'Europe/London', '2026-10-24T21:00:00Z', '2026-10-25T08:00:00.000Z'],
    ['Australia/Lord_Howe, half an hour back', 'Australia/Lord_Howe', '2026-04-04T12:00:00Z', '2026-04-04T21:30:00.000Z'],
    ['Asia/Kolkata, where it never is', 'Asia/Kolkata', '2026-03-08T20:00:00Z', '2026-03-09T02:30:00.000Z'],
  ])('%s: phones ring from eight on the new clock', (_, zone, evening, morning) => {
    expect(opensAt(eightToNine(zone), evening)).toBe(morning);
    expect(isOpen(eightToNine(zone), at(morning) - 1)).toBe(false);
    expect(isOpen(eightToNine(zone), at(morning))).toBe(true);
  });
});

describe('a window in the very hour of the change', () => {
  it('never comes where clocks jump over it', () => {
    expect(opensAt(calendarOf(daily('02:15', '02:45'), 'America/New_York'), '2026-03-08T05:00:00Z')).toBe('2026-03-09T06:15:00.000Z');
  });

  it('is cut where clocks jump into it', () => {
    const [first] = openIntervals([calendarOf(daily('01:30', '03:30'), 'Europe/Berlin')], {
      from: at('2026-03-29T00:00:00Z'),
      to: at('2026-03-29T12:00:00Z'),
    });
    expect(first).toEqual({ from: at('2026-03-29T00:30:00Z'), to: at('2026-03-29T01:30:00Z') });
  });

  it('comes twice where clocks are put back over it', () => {
    const night = { from: at('2026-11-01T04:00:00Z'), to: at('2026-11-01T12:00:00Z') };
    expect(openIntervals([calendarOf(daily('01:30', '01:45'), 'America/New_York')], night)).toEqual([
      { from: at('2026-11-01T05:30:00Z'), to: at('2026-11-01T05:45:00Z') },
      { from: at('2026-11-01T06:30:00Z'), to: at('2026-11-01T06:45:00Z') },
    ]);
  });
});

describe('somebody of whom nobody knows the zone for certain', () => {
  const coastToCoast = calendarOf(daily('08:00', '21:00'), 'America/New_York', 'America/Los_Angeles');

  it('is called when it is right on both coasts: 11 to 21 in New York', () => {
    expect(opensAt(coastToCoast, '2026-07-01T10:00:00Z')).toBe('2026-07-01T15:00:00.000Z');
    expect(new Date(nextFlip(coastToCoast, at('2026-07-01T15:00:00Z')) ?? 0).toISOString()).toBe('2026-07-02T01:00:00.000Z');
  });

  it('is never called when no zone is known, or one that does not exist', () => {
    for (const calendar of [calendarOf(daily('00:00', '24:00')), calendarOf(daily('00:00', '24:00'), 'America/New_York', 'Mars/Base')]) {
      expect(isOpen(calendar, 0)).toBe(false);
      expect(nextOpening([calendar], 0)).toBeNull();
      expect(nextFlip(calendar, 0)).toBeNull();
    }
  });

  it('is never called where the windows have no minute in common', () => {
    expect(nextOpening([calendarOf(daily('08:00', '10:00'), 'Asia/Tokyo', 'Europe/London')], at('2026-07-01T00:00:00Z'))).toBeNull();
  });
});

it('A window to midnight goes on into one that starts there', () => {
  const night = calendarOf([...daily('22:00', '24:00'), ...daily('00:00', '02:00')], 'Europe/Paris');
  expect(nextFlip(night, at('2026-01-10T21:00:00Z'))).toBe(at('2026-01-11T01:00:00Z'));
});

it('What is open around the clock does not change within the look-ahead', () => {
  expect(nextFlip(calendarOf(daily('00:00', '24:00'), 'Europe/Paris'), at('2026-03-20T00:00:00Z'))).toBeNull();
});

it('A time that is none opens nothing: it is an error', () => {
  expect(() => weeklyHours(daily('8 am', '21:00'))).toThrow('"8 am" is not a time of the day');
});

it('The day of a tenant ends at its own midnight, 23 or 25 hours later when clocks are changed', () => {
  expect(endOfDay('Europe/Berlin', new Date('2026-03-28T23:00:00Z')).toISOString()).toBe('2026-03-29T22:00:00.000Z');
  expect(endOfDay('America/New_York', new Date('2026-11-01T04:00:00Z')).toISOString()).toBe('2026-11-02T05:00:00.000Z');
  expect(() => endOfDay('Mars/Base', new Date(0))).toThrow(RangeError);
});

/** Zones with changes of an hour, of half an hour, over midnight, in other months, and none; and weekends in which many of them change. */
const zone = fc.constantFrom(
  ...['America/New_York', 'America/Los_Angeles', 'Europe/Berlin', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kolkata'],
  ...['Asia/Beirut', 'America/Havana', 'Atlantic/Azores', 'Africa/Casablanca', 'Pacific/Kiritimati', 'America/Santiago'],
);
const start = fc
  .tuple(
    fc.constantFrom('2026-03-07', '2026-03-28', '2026-04-04', '2026-10-24', '2026-10-31', '2026-07-15'),
    fc.integer({ min: 0, max: (2 * DAY) / STEP }),
  )
  .map(([day, step]) => Date.parse(`${day}T00:00:00Z`) + step * STEP);
const clock = fc
  .tuple(fc.nat(23), fc.constantFrom('00', '15', '30', '55'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
const window = fc
  .record({ days: fc.subarray([...WEEKDAYS], { minLength: 1 }), times: fc.uniqueArray(clock, { minLength: 2, maxLength: 2 }) })
  .map(({ days, times }): DialingWindow => {
    const [from = '', to = ''] = [...times].sort();
    return { days, from, to };
  });
const windows = fc.array(window, { minLength: 1, maxLength: 3 });

describe('beside a clock that is read every five minutes', () => {
  it('the calendar is open in the same minutes, in all candidate zones at once', () => {
    fc.assert(
      fc.property(windows, fc.uniqueArray(zone, { minLength: 1, maxLength: 3 }), start, (wins, zones, from) => {
        const calendar = calendarOf(wins, ...zones);
        const intervals = openIntervals([calendar], { from, to: from + DAY });
        for (let minute = from; minute < from + DAY; minute += STEP) {
          const isRight = zones.every((each) => isInWindows(wins, each, minute));
          if (isOpen(calendar, minute) !== isRight) throw new Error(`isOpen at ${new Date(minute).toISOString()}`);
          if (intervals.some((open) => open.from <= minute && minute < open.to) !== isRight)
            throw new Error(`interval at ${new Date(minute).toISOString()}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('the next opening is the first open minute of all calendars', () => {
    fc.assert(
      fc.property(windows, windows, zone, zone, start, (one, other, here, there, from) => {
        const opening = nextOpening([calendarOf(one, here), calendarOf(other, there)], from);
        const end = Math.min(opening ?? Infinity, from + 3 * DAY);
        const isRight = (minute: number) => isInWindows(one, here, minute) && isInWindows(other, there, minute);
        for (let minute = from; minute < end; minute += STEP) expect(isRight(minute)).toBe(false);
        if (opening !== null) expect(isRight(opening)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('nothing changes before the next flip, and then it does', () => {
    fc.assert(
      fc.property(windows, zone, start, (wins, here, from) => {
        const calendar = calendarOf(wins, here);
        const flip = nextFlip(calendar, from);
        const isNow = isOpen(calendar, from);
        for (let minute = from; minute < Math.min(flip ?? Infinity, from + 2 * DAY); minute += STEP)
          expect(isOpen(calendar, minute)).toBe(isNow);
        if (flip !== null) expect(isOpen(calendar, flip)).toBe(!isNow);
      }),
      { numRuns: 40 },
    );
  });
});
