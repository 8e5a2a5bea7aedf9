import { WEEKDAYS, type DialingWindow, type Weekday } from '@carillon/contracts';

export interface WallClock {
  weekday: Weekday;
  /** HH:MM */
  time: string;
  /** YYYY-MM-DD */
  date: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock in the zone shows, asked of the platform and not of the code under test. */
export function wallClockIn(zone: string, at: number): WallClock {
  const format = formats.get(zone) ?? newFormat(zone);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const weekday = WEEKDAYS.find((each) => each === parts.weekday?.slice(0, 3).toLowerCase()) ?? 'mon';
  return { weekday, time: `${parts.hour}:${parts.minute}`, date: `${parts.year}-${parts.month}-${parts.day}` };
}

/** The windows read off the clock: an independent judge of the calendar. */
export function isInWindows(windows: readonly DialingWindow[], zone: string, at: number): boolean {
  const { weekday, time } = wallClockIn(zone, at);
  return windows.some(({ days, from, to }) => days.includes(weekday) && from <= time && time < to);
}

function newFormat(zone: string): Intl.DateTimeFormat {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', weekday: 'short' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  });
  formats.set(zone, format);
  return format;
}
