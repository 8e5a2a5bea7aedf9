import type { ClaimField } from '@carillon/contracts';
import { fieldKind, nameWords } from './field-kind.js';
import { spokenAddress } from './spoken-address.js';
import { type Direction, spokenDate } from './spoken-date.js';
import { spokenEmail } from './spoken-email.js';
import { spokenName } from './spoken-name.js';
import { spokenDigits } from './spoken-number.js';
import { spokenTime } from './spoken-time.js';
import { plainText, withoutLeadIns } from './words.js';
import { yesOrNo } from './yes-or-no.js';

export type Value = string | number | boolean;

/** The value that somebody's words hold for a field; null when they hold none. `today` is `YYYY-MM-DD`. */
export function extractValue(text: string, field: ClaimField, today: string): Value | null {
  const plain = plainText(text);
  const words = plain.split(' ');
  switch (fieldKind(field)) {
    case 'full-name':
      return fullName(plain);
    case 'name':
      return spokenName(plain);
    case 'address':
      return spokenAddress(plain);
    case 'digits':
      return digitsOf(field, spokenDigits(words));
    case 'phone':
      return phoneNumber(spokenDigits(words));
    case 'email':
      return spokenEmail(plain);
    case 'date':
      return spokenDate(words, today, direction(field))?.date ?? null;
    case 'time':
      return spokenTime(words);
    case 'date-and-time':
      return dateAndTime(words, today, direction(field));
    case 'count':
      return count(words, plain);
    case 'yes-no':
      return yesOrNo(plain);
    case 'choice':
      return choice(plain, field.values ?? []);
    case 'free':
      return freeText(plain);
  }
}

/** One word alone is half a name: most likely the rest was not heard. */
function fullName(plain: string): string | null {
  const name = spokenName(plain);
  return name?.includes(' ') ? name : null;
}

/** One digit alone is misheard, but for numbers that tell where something is. */
function digitsOf({ name, description }: ClaimField, digits: string | null): string | null {
  const short = /\b(?:house|floor|door|room|apartment|unit|gate)\b/;
  const maybeShort = short.test(`${nameWords(name)} ${(description ?? '').toLowerCase()}`);
  return digits !== null && digits.length === 1 && !maybeShort ? null : digits;
}

/** Ten digits are a US number; with eleven the first must be its country code. */
function phoneNumber(digits: string | null): string | null {
  if (digits === null || digits.length < 10 || digits.length > 15) return null;
  return digits.length === 10 ? `+1${digits}` : `+${digits}`;
}

/** Days of birth and of what has happened lie behind us, all others ahead. */
function direction({ name, description }: ClaimField): Direction {
  const past = /\b(birth|born|birthday|incident|accident|happened|occurred|purchased?|bought|last|previous|since|issued)\b/;
  return past.test(`${nameWords(name)} ${(description ?? '').toLowerCase()}`) ? 'past' : 'next';
}

/** The day alone when no time was said. */
function dateAndTime(words: readonly string[], today: string, towards: Direction): string | null {
  const day = spokenDate(words, today, towards);
  if (!day) return null;
  const time = spokenTime(words.slice(day.end)) ?? spokenTime(words.slice(0, day.start));
  return time === null ? day.date : `${day.date}T${time}:00`;
}

function count(words: readonly string[], plain: string): number | null {
  const digits = spokenDigits(words);
  if (digits !== null) return Number(digits);
  if (/\b(?:just|only) me\b|\balone\b/.test(plain)) return 1;
  if (/\b(?:a couple|the two of us|both of us)\b/.test(plain)) return 2;
  return /\ba dozen\b/.test(plain) ? 12 : null;
}

/** The longest of the allowed values that was said. */
function choice(plain: string, values: readonly string[]): string | null {
  const said = values.filter((value) => ` ${plain} `.includes(` ${plainText(value.replace(/_/g, ' '))} `));
  return said.sort((a, b) => b.length - a.length)[0] ?? null;
}

function freeText(plain: string): string | null {
  const rest = withoutLeadIns(plain);
  return rest === '' ? null : rest.charAt(0).toUpperCase() + rest.slice(1).replace(/\bi\b/g, 'I');
}
