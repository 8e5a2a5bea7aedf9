import { MONTH_WORDS, ordinalWords, WEEKDAY_WORDS } from '../../english/number-words.js';
import { groupAt } from './spoken-number.js';

/** Which year is meant when none is said: the next such day (today included), or the last one. */
export type Direction = 'next' | 'past';

export interface SpokenDate {
  /** `YYYY-MM-DD` */
  date: string;
  /** Words from `start` up to `end` made the date. */
  start: number;
  end: number;
}

interface DayOfMonth {
  day: number;
  end: number;
}

const ORDINALS = new Map(Array.from({ length: 31 }, (_, index) => [ordinalWords(index + 1), index + 1]));
const DAY_MS = 86_400_000;

/** The last date in the words, so that "the third, no, the fourth of May" is the fourth. `today` is `YYYY-MM-DD`. */
export function spokenDate(words: readonly string[], today: string, direction: Direction): SpokenDate | null {
  let found: SpokenDate | null = null;
  for (let at = 0; at < words.length; at += 1) {
    const date =
      isoDate(words, at) ?? monthFirst(words, at, today, direction) ?? dayFirst(words, at, today, direction) ?? relative(words, at, today);
    if (!date) continue;
    found = date;
    at = date.end - 1;
  }
  return found;
}

/** `2027-03-14` reaches us as three words, `3/14/2027` as one. */
function isoDate(words: readonly string[], at: number): SpokenDate | null {
  const [year = '', month = '', day = ''] = words.slice(at, at + 3);
  if (/^(19|20)\d\d$/.test(year) && /^\d\d?$/.test(month) && /^\d\d?$/.test(day)) {
    const date = validDate(Number(year), Number(month), Number(day));
    return date === null ? null : { date, start: at, end: at + 3 };
  }
  const slashed = /^(\d\d?)\/(\d\d?)\/((?:19|20)\d\d)$/.exec(year);
  const date = slashed && validDate(Number(slashed[3]), Number(slashed[1]), Number(slashed[2]));
  return date ? { date, start: at, end: at + 1 } : null;
}

/** "march fourteenth", "march the 14th nineteen eighty four" */
function monthFirst(words: readonly string[], at: number, today: string, direction: Direction): SpokenDate | null {
  const month = monthOf(words[at]);
  if (month === 0) return null;
  const day = dayAt(words, words[at + 1] === 'the' ? at + 2 : at + 1);
  return day && complete(words, { month, day: day.day, start: at, end: day.end }, today, direction);
}

/** "the fourteenth of march", "14 march 1984" */
function dayFirst(words: readonly string[], at: number, today: string, direction: Direction): SpokenDate | null {
  const day = dayAt(words, at);
  if (!day) return null;
  const monthAt = words[day.end] === 'of' ? day.end + 1 : day.end;
  const month = monthOf(words[monthAt]);
  return month === 0 ? null : complete(words, { month, day: day.day, start: at, end: monthAt + 1 }, today, direction);
}

function complete(
  words: readonly string[],
  { month, day, start, end }: { month: number; day: number; start: number; end: number },
  today: string,
  direction: Direction,
): SpokenDate | null {
  const year = yearAt(words, words[end] === 'in' || words[end] === 'of' ? end + 1 : end);
  const date = validDate(year?.year ?? impliedYear(month, day, today, direction), month, day);
  return date ? { date, start, end: year?.end ?? end } : null;
}

function relative(words: readonly string[], at: number, today: string): SpokenDate | null {
  const word = words[at] ?? '';
  if (word === 'today') return { date: today, start: at, end: at + 1 };
  if (word === 'tomorrow') {
    const afterThat = words.slice(Math.max(0, at - 2), at).join(' ') === 'day after';
    return { date: addDays(today, afterThat ? 2 : 1), start: at, end: at + 1 };
  }
  const weekday = (WEEKDAY_WORDS as readonly string[]).indexOf(word);
  if (weekday < 0) return null;
  const ahead = (weekday - new Date(`${today}T00:00:00Z`).getUTCDay() + 7) % 7;
  return { date: addDays(today, ahead === 0 ? 7 : ahead), start: at, end: at + 1 };
}

function dayAt(words: readonly string[], at: number): DayOfMonth | null {
  const two = ORDINALS.get(`${words[at] ?? ''} ${words[at + 1] ?? ''}`);
  if (two !== undefined) return { day: two, end: at + 2 };
  const one = ORDINALS.get(words[at] ?? '') ?? Number(/^(\d\d?)(?:st|nd|rd|th)$/.exec(words[at] ?? '')?.[1] ?? 0);
  if (one > 0) return { day: one, end: at + 1 };
  const cardinal = groupAt(words, at);
  return cardinal && /^\d\d?$/.test(cardinal.digits) ? { day: Number(cardinal.digits), end: cardinal.end } : null;
}

function monthOf(word: string | undefined): number {
  if (word === undefined || word.length < 3) return 0;
  return MONTH_WORDS.findIndex((month) => month === word || (month.slice(0, 3) === word && word !== 'mar')) + 1;
}

/** "nineteen eighty four", "nineteen oh five", "two thousand and four", "twenty twenty seven", `1984` */
function yearAt(words: readonly string[], at: number): { year: number; end: number } | null {
  const first = groupAt(words, at);
  if (!first) return null;
  if (/^(19|20)\d\d$/.test(first.digits)) return { year: Number(first.digits), end: first.end };
  if (first.digits !== '19' && first.digits !== '20') return null;
  const oh = words[first.end] === 'oh' || words[first.end] === 'o';
  const second = groupAt(words, oh ? first.end + 1 : first.end);
  if (!second || (oh ? second.digits.length !== 1 : second.digits.length !== 2)) return null;
  return { year: Number(first.digits + second.digits.padStart(2, '0')), end: second.end };
}

function impliedYear(month: number, day: number, today: string, direction: Direction): number {
  const thisYear = Number(today.slice(0, 4));
  const monthAndDay = `${twoDigits(month)}-${twoDigits(day)}`;
  if (direction === 'next') return monthAndDay >= today.slice(5) ? thisYear : thisYear + 1;
  return monthAndDay <= today.slice(5) ? thisYear : thisYear - 1;
}

function validDate(year: number, month: number, day: number): string | null {
  const date = `${year}-${twoDigits(month)}-${twoDigits(day)}`;
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) ? date : null;
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
