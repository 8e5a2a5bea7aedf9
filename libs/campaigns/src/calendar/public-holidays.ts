import { createRequire } from 'node:module';
import { DAY_MS, dateOf } from './zone-offsets.js';

/*
 * The days come from date-holidays 3.37.0: code under the ISC licence, data under CC BY-SA 3.0 (its package.json says CC BY 3.0), compiled by its
 * contributors mostly from Wikipedia articles, which it lists in its data files. docs/compliance.md carries the attribution.
 */
type DateHolidays = typeof import('date-holidays').default;

/** 36 MB and 0.1 s: loaded at the first question, which most processes never ask. */
let library: DateHolidays | null = null;
const load = (): DateHolidays => (library ??= createRequire(import.meta.url)('date-holidays') as DateHolidays);

const datesByYear = new Map<string, ReadonlySet<string>>();
const regionsByCountry = new Map<string, readonly string[]>();

/**
 * Is the day (YYYY-MM-DD) a public holiday in the country, or in one of the regions? `regions` null: nobody knows where in it, so a holiday of any region
 * counts. A region that the data do not know counts as unknown as well: it may have any holiday.
 */
export function isPublicHoliday(date: string, country: string, regions: readonly string[] | null): boolean {
  const year = Number(date.slice(0, 4));
  const known = regionsOf(country);
  const asked = regions?.every((region) => known.includes(region)) ? regions : known;
  return ['', ...asked].some((region) => datesOf(country, region, year).has(date));
}

function regionsOf(country: string): readonly string[] {
  const known = regionsByCountry.get(country);
  if (known) return known;
  const regions = Object.keys(new (load())().getStates(country) ?? {});
  regionsByCountry.set(country, regions);
  return regions;
}

/** One entry for each country, region and year that is asked for: bounded by the data, whatever contacts say of themselves. */
function datesOf(country: string, region: string, year: number): ReadonlySet<string> {
  const key = `${country} ${region} ${year}`;
  const known = datesByYear.get(key);
  if (known) return known;
  const Holidays = load();
  const calendar = region === '' ? new Holidays(country, { types: ['public'] }) : new Holidays(country, region, { types: ['public'] });
  const dates = new Set(calendar.getHolidays(year).flatMap(({ date, start, end }) => datesCovered(date, end.getTime() - start.getTime())));
  datesByYear.set(key, dates);
  return dates;
}

/** Every day that it touches: some begin in the evening, some last for days. */
function datesCovered(startsAt: string, lengthMs: number): string[] {
  const start = Date.parse(`${startsAt.slice(0, 10)}T${startsAt.slice(11, 19)}Z`);
  const [first, last] = [Math.floor(start / DAY_MS), Math.floor((start + lengthMs - 1) / DAY_MS)];
  return Array.from({ length: last - first + 1 }, (_, index) => dateOf(first + index));
}
