import { groupAt } from './spoken-number.js';

interface Clock {
  hour: number;
  minute: number;
  end: number;
}

/** Hours said without morning or afternoon: those up to this one are taken as afternoon, as callers mean them. */
const LAST_AFTERNOON_HOUR = 7;

/** Words before an hour that make it one, where nothing after it does. */
const BEFORE_HOURS = new Set(['at', 'around', 'about', 'say', 'by', 'for', 'be', 'is', 'from', 'after', 'before', 'maybe']);

/** The last time of day in the words, as `HH:MM`; null when there is none. */
export function spokenTime(words: readonly string[]): string | null {
  let found: string | null = null;
  for (let at = 0; at < words.length; at += 1) {
    const time = fixedTime(words[at] ?? '') ?? clockTime(words, at);
    if (time === null) continue;
    found = time.text;
    at += time.length - 1;
  }
  return found;
}

interface Found {
  text: string;
  length: number;
}

function fixedTime(word: string): Found | null {
  if (word === 'noon' || word === 'midday') return { text: '12:00', length: 1 };
  if (word === 'midnight') return { text: '00:00', length: 1 };
  const written = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(word);
  return written ? { text: `${(written[1] ?? '').padStart(2, '0')}:${written[2] ?? ''}`, length: 1 } : null;
}

function clockTime(words: readonly string[], at: number): Found | null {
  const past = relativeToHour(words, at);
  const clock = past ?? hourAndMinute(words, at);
  if (!clock) return null;
  const half = halfOfDay(words, clock.end);
  const marked =
    past !== null || half.end > clock.end || clock.minute > 0 || BEFORE_HOURS.has(words[at - 1] ?? '') || words.length === clock.end - at;
  return marked ? { text: toText(clock, half.name), length: half.end - at } : null;
}

/** "half past two", "quarter to three" */
function relativeToHour(words: readonly string[], at: number): Clock | null {
  const amount = { half: 30, quarter: 15 }[words[at] ?? ''];
  const side = words[at + 1];
  if (amount === undefined || (side !== 'past' && side !== 'to')) return null;
  const hour = hourAt(words, at + 2);
  if (!hour) return null;
  return side === 'past'
    ? { hour: hour.value, minute: amount, end: hour.end }
    : { hour: hour.value - 1, minute: 60 - amount, end: hour.end };
}

/** "three", "three thirty", "ten oh five" */
function hourAndMinute(words: readonly string[], at: number): Clock | null {
  const hour = hourAt(words, at);
  if (!hour) return null;
  const oh = words[hour.end] === 'oh';
  const minute = groupAt(words, oh ? hour.end + 1 : hour.end);
  const isMinute = minute && Number(minute.digits) < 60 && minute.digits.length === (oh ? 1 : 2);
  return isMinute ? { hour: hour.value, minute: Number(minute.digits), end: minute.end } : { hour: hour.value, minute: 0, end: hour.end };
}

function hourAt(words: readonly string[], at: number): { value: number; end: number } | null {
  const group = groupAt(words, at);
  const value = Number(group?.digits ?? NaN);
  return group && group.digits.length <= 2 && value >= 1 && value <= 23 ? { value, end: group.end } : null;
}

type HalfOfDay = 'morning' | 'afternoon' | 'evening' | null;

function halfOfDay(words: readonly string[], from: number): { name: HalfOfDay; end: number } {
  let at = from;
  if (words[at] === "o'clock" || words[at] === 'oclock') at += 1;
  if (words[at] === 'am') return { name: 'morning', end: at + 1 };
  if (words[at] === 'pm') return { name: 'afternoon', end: at + 1 };
  const rest = words.slice(at, at + 3);
  const skipped = rest[0] === 'in' && rest[1] === 'the' ? 2 : rest[0] === 'at' ? 1 : 0;
  const name = rest[skipped];
  if (name === 'morning' || name === 'afternoon' || name === 'evening') return { name, end: at + skipped + 1 };
  return name === 'night' ? { name: 'evening', end: at + skipped + 1 } : { name: null, end: at };
}

function toText({ hour, minute }: Clock, half: HalfOfDay): string {
  const afternoon = half === null ? hour <= LAST_AFTERNOON_HOUR : half !== 'morning';
  const hours = afternoon && hour < 12 ? hour + 12 : half === 'morning' && hour === 12 ? 0 : hour;
  return `${String(hours).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
