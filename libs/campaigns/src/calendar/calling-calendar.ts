import { CLOSED, type OpenMinutes } from './weekly-hours.js';
import { DAY_MS, isZone, localDay, wallClock, whenClockIsIn, type Interval, type LocalDay } from './zone-offsets.js';

/** How far ahead an opening is looked for. What does not open within two weeks is said not to open. */
export const LOOK_AHEAD_MS = 14 * DAY_MS;

/**
 * When a phone may ring: the minutes of each local day, in a set of zones of which nobody knows the right one. It is open when it is open in all of them,
 * and never when there is none, or one that does not exist.
 */
export interface CallingCalendar {
  zones: readonly string[];
  openMinutes: (day: LocalDay) => OpenMinutes;
}

export function isOpen(calendar: CallingCalendar, at: number): boolean {
  return hasZones(calendar) && calendar.zones.every((zone) => isOpenIn(zone, calendar, at));
}

/** The first instant from `at` on that is open in all calendars; null when there is none within the look-ahead. */
export function nextOpening(calendars: readonly CallingCalendar[], at: number): number | null {
  if (calendars.every((calendar) => isOpen(calendar, at))) return at;
  if (!calendars.every(hasZones)) return null;
  // Most days open soon: the rest of the fortnight is only worked out when they do not.
  for (const days of [2, 14]) {
    const [first] = openIntervals(calendars, { from: at, to: at + Math.min(days * DAY_MS, LOOK_AHEAD_MS) });
    if (first) return first.from;
  }
  return null;
}

/** The next instant after `at` at which the calendar opens or closes; null when it does neither within the look-ahead. */
export function nextFlip(calendar: CallingCalendar, at: number): number | null {
  if (!isOpen(calendar, at)) return nextOpening([calendar], at);
  const end = at + LOOK_AHEAD_MS;
  const closes = openIntervals([calendar], { from: at, to: end })[0]?.to ?? end;
  return closes < end ? closes : null;
}

/** When all calendars are open. Ascending; what touches is one. */
export function openIntervals(calendars: readonly CallingCalendar[], within: Interval): Interval[] {
  if (!calendars.every(hasZones)) return [];
  const lists = mergedByZone(calendars).map(({ zone, openMinutes }) => joined(whenClockIsIn(zone, within, openMinutes)));
  return lists.reduce(intersection, [within]);
}

function hasZones({ zones }: CallingCalendar): boolean {
  return zones.length > 0 && zones.every(isZone);
}

function isOpenIn(zone: string, { openMinutes }: CallingCalendar, at: number): boolean {
  const minute = (wallClock(zone, at) % DAY_MS) / 60_000;
  return openMinutes(localDay(zone, at)).some(({ from, to }) => from <= minute && minute < to);
}

/** One list of open minutes per zone, so that forty candidate zones cost forty walks whatever the number of rules. */
function mergedByZone(calendars: readonly CallingCalendar[]): { zone: string; openMinutes: CallingCalendar['openMinutes'] }[] {
  return [...new Set(calendars.flatMap(({ zones }) => zones))].map((zone) => {
    const here = calendars.filter(({ zones }) => zones.includes(zone));
    return {
      zone,
      openMinutes: (day) => {
        const [first = CLOSED, ...others] = here.map(({ openMinutes }) => openMinutes(day));
        return others.reduce<OpenMinutes>(intersection, first);
      },
    };
  });
}

function intersection(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const common: Interval[] = [];
  for (let i = 0, j = 0; ;) {
    const [left, right] = [a[i], b[j]];
    if (!left || !right) return common;
    const both = { from: Math.max(left.from, right.from), to: Math.min(left.to, right.to) };
    if (both.from < both.to) common.push(both);
    if (left.to < right.to) i++;
    else j++;
  }
}

function joined(intervals: readonly Interval[]): Interval[] {
  const whole: Interval[] = [];
  for (const interval of intervals) {
    const last = whole.at(-1);
    if (last && last.to === interval.from) last.to = interval.to;
    else whole.push({ ...interval });
  }
  return whole;
}
