import { DateTime } from 'luxon';

/** Parts of a day on the contact's own clock, with the hour in which each begins. */
export const DAY_PARTS = ['morning', 'afternoon', 'evening'] as const;
export type DayPart = (typeof DAY_PARTS)[number];
const BEGINS_AT: Record<DayPart, number> = { morning: 0, afternoon: 12, evening: 17 };

export function dayPartOf(at: Date, timeZone: string): DayPart {
  const { hour } = DateTime.fromJSDate(at, { zone: timeZone });
  return hour < BEGINS_AT.afternoon ? 'morning' : hour < BEGINS_AT.evening ? 'afternoon' : 'evening';
}

/** The next instants, after `at`, in which a part of the day begins: as many as there are parts, so that each part is among them. */
export function nextDayParts(at: Date, timeZone: string): Date[] {
  const today = DateTime.fromJSDate(at, { zone: timeZone }).startOf('day');
  return [today, today.plus({ days: 1 })]
    .flatMap((day) => DAY_PARTS.map((part) => day.set({ hour: BEGINS_AT[part] }).toJSDate()))
    .filter((start) => start > at)
    .slice(0, DAY_PARTS.length);
}
