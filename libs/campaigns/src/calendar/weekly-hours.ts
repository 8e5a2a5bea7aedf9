import { WEEKDAYS, type DialingWindow } from '@carillon/contracts';
import { weekdayOf, type Interval, type LocalDay } from './zone-offsets.js';

/** Minutes of a local day, `to` excluded; ascending, without overlap. */
export type OpenMinutes = readonly Interval[];

export const WHOLE_DAY: OpenMinutes = [{ from: 0, to: 24 * 60 }];
export const CLOSED: OpenMinutes = [];

/** The open minutes of each day under weekly windows: their union. Errors: RangeError for a time that is none, since a rule that nobody can read must not open. */
export function weeklyHours(windows: readonly DialingWindow[]): (day: LocalDay) => OpenMinutes {
  const week = WEEKDAYS.map((weekday) =>
    union(windows.filter(({ days }) => days.includes(weekday)).map(({ from, to }) => ({ from: minuteOf(from), to: minuteOf(to) }))),
  );
  return (day) => week[weekdayOf(day)] ?? CLOSED;
}

/** "mon–fri 10:00–13:00, sat 10:00–12:00" */
export function inWords(windows: readonly DialingWindow[]): string {
  return windows.map(({ days, from, to }) => `${daysInWords(days)} ${from}–${to}`).join(', ');
}

function minuteOf(time: string): number {
  const [hours = NaN, minutes = NaN] = time.split(':').map(Number);
  const minute = hours * 60 + minutes;
  if (!(minute >= 0 && minute <= 24 * 60)) throw new RangeError(`"${time}" is not a time of the day`);
  return minute;
}

function union(spans: Interval[]): OpenMinutes {
  const merged: Interval[] = [];
  for (const span of spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

function daysInWords(days: readonly string[]): string {
  const named = WEEKDAYS.filter((weekday) => days.includes(weekday));
  const [first, last] = [named[0], named.at(-1)];
  if (first === undefined || last === undefined) return 'never';
  const isRun = WEEKDAYS.indexOf(last) - WEEKDAYS.indexOf(first) === named.length - 1;
  return isRun && named.length > 2 ? `${first}–${last}` : named.join(', ');
}
