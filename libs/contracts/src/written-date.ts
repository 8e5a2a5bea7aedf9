const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];

interface DateParts {
  year: number;
  month: number;
  day: number;
}

interface TimeParts {
  hour: number;
  minute: number;
  second: number;
  /** As written: "Z", "+02:00", or nothing. */
  offset: string;
}

/**
 * Reads a date, with or without a time, and writes it in ISO 8601: `2026-03-05` or `2026-03-05T14:30:00`, with the offset where one was given.
 * Understands ISO and the English forms "March 5, 2026", "5th of March 2026", each with a time. All in digits but ISO is refused: 03/05 is
 * March or May. Null when it is none of these or there is no such day.
 */
export function parseWrittenDate(text: string): string | null {
  const match = /^(?<date>.*?\d{4}(?:[-/]\d{1,2}[-/]\d{1,2})?)(?:(?:,?\s+(?:at\s+)?|T)(?<time>\S.*))?$/i.exec(text.trim());
  const date = readDate(match?.groups?.['date'] ?? '');
  if (date === null || !exists(date)) return null;
  const written = `${pad(date.year, 4)}-${pad(date.month)}-${pad(date.day)}`;
  const timeText = match?.groups?.['time'];
  if (timeText === undefined) return written;
  const time = readTime(timeText);
  return time === null ? null : `${written}T${pad(time.hour)}:${pad(time.minute)}:${pad(time.second)}${time.offset}`;
}

function readDate(text: string): DateParts | null {
  const iso = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$/.exec(text);
  if (iso !== null) return { year: Number(iso[1]), month: Number(iso[3]), day: Number(iso[4]) };
  const words = text.replace(/^(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+/i, '').replace(/^the\s+/i, '');
  const monthFirst = /^([a-z]+)\.?\s+(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/i.exec(words);
  if (monthFirst !== null) return { year: Number(monthFirst[3]), month: monthOf(monthFirst[1]), day: Number(monthFirst[2]) };
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]+)\.?,?\s+(\d{4})$/i.exec(words);
  return dayFirst === null ? null : { year: Number(dayFirst[3]), month: monthOf(dayFirst[2]), day: Number(dayFirst[1]) };
}

/** 1–12 for a month's name or its first three letters or more; 0 for anything else. */
function monthOf(word = ''): number {
  const name = word.toLowerCase();
  return name.length < 3 ? 0 : MONTHS.findIndex((month) => month.startsWith(name.replace(/^sept$/, 'sep'))) + 1;
}

function readTime(text: string): TimeParts | null {
  const match = /^(\d{1,2})(?::(\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*(?:(am|pm|a\.m\.|p\.m\.)|(Z|[+-]\d{2}:?\d{2}))?$/i.exec(text.trim());
  if (match === null || (match[2] === undefined && match[4] === undefined)) return null;
  const [hour, minute, second] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  const half = match[4]?.charAt(0).toLowerCase();
  const valid = minute < 60 && second < 60 && (half === undefined ? hour < 24 : hour >= 1 && hour <= 12);
  if (!valid) return null;
  const hour24 = half === undefined ? hour : (hour % 12) + (half === 'p' ? 12 : 0);
  return { hour: hour24, minute, second, offset: (match[5] ?? '').toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2') };
}

function exists({ year, month, day }: DateParts): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
