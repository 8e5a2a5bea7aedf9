import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { parseInternational, type ParsedNumber, parseLocal } from './parse-digits.js';

/** ISO 3166 alpha-2; null when the number belongs to no country (+800). */
export interface PhoneNumber {
  e164: string;
  country: string | null;
}

/** What is wrong and how to put it right, in plain words; `meant` when the text is a valid number but for a lost plus. */
export interface PhoneFault {
  fault: string;
  meant?: PhoneNumber;
}

export type PhoneReading = PhoneNumber | PhoneFault;

const PLAIN_E164 = /^\+[1-9]\d{6,14}$/;
const PLAIN_DIGITS = /^\d{4,17}$/;
/** Digits with the punctuation people write between them: whatever else there is, the library is asked. */
const PUNCTUATED = /^\+?[\d ().\-/\u00A0]{4,40}$/;
const PUNCTUATION = /\D+/g;
const MIN_DIGITS = 4;
const MAX_DIGITS = 17;
/** 1.38E+10 or, in half of Europe, 1,38E+10. */
const SCIENTIFIC = /^\+?\d+(?:[.,]\d+)?E\+?\d+$/i;
/** What a table of floating point numbers makes of a phone number; the zero would be read as one more digit. */
const FLOATING_POINT = /^(\+?\d{7,17})\.0+$/;
/** Direction marks and invisible spaces that come along when a number is copied out of a document, and spaces the library does not know. */
const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u00AD]/g;
const ODD_SPACES = /[\s\u00A0]+/g;

/**
 * Reads one phone number as `parsePhoneNumberFromString(text, { defaultCountry, extract: false })` with `isValid()` of
 * libphonenumber-js/max would, ten times as fast, and undoes on the way what spreadsheets do to numbers where that is certain.
 * `defaultRegion` is ISO 3166 alpha-2; with one that is not known only numbers with a plus are read.
 */
export function readPhone(text: string, defaultRegion: string): PhoneReading {
  if (PLAIN_E164.test(text)) return accepted(parseInternational(text.slice(1))) ?? faultOf(text, defaultRegion);
  if (PLAIN_DIGITS.test(text)) return accepted(parseLocal(text, defaultRegion)) ?? faultOf(text, defaultRegion);
  const tidied = tidy(text);
  if (tidied === '') return { fault: 'The phone number is missing' };
  if (PUNCTUATED.test(tidied)) {
    const digits = tidied.replace(PUNCTUATION, '');
    if (digits.length >= MIN_DIGITS && digits.length <= MAX_DIGITS) {
      const parsed = tidied.startsWith('+') ? parseInternational(digits) : parseLocal(digits, defaultRegion);
      return accepted(parsed) ?? faultOf(tidied, defaultRegion);
    }
  }
  return readOddPhone(tidied, defaultRegion);
}

/** E.164 and country of a number that is known to be valid. */
function accepted(parsed: ParsedNumber | null): PhoneNumber | null {
  return parsed && { e164: `+${parsed.callingCode}${parsed.national}`, country: parsed.country };
}

function tidy(text: string): string {
  // ="+14155550100" is how some exports keep Excel from making a number of it; a leading apostrophe is how people do.
  const bare = text
    .trim()
    .replace(/^="(.*)"$/, '$1')
    .replace(/^'(?=[+\d(])/, '');
  return bare
    .replace(INVISIBLE, '')
    .replace(ODD_SPACES, ' ')
    .trim()
    .replace(/^\uFF0B/, '+')
    .replace(FLOATING_POINT, '$1');
}

/** Letters, extensions, digits of other scripts, tel: links. */
function readOddPhone(text: string, defaultRegion: string): PhoneReading {
  const number = parsePhoneNumberFromString(text, { ...regionOption(defaultRegion), extract: false });
  if (number?.ext) return { fault: `${shown(text)} has an extension, which cannot be dialed; give the direct number` };
  return number?.isValid() ? { e164: number.number, country: number.country ?? null } : faultOf(text, defaultRegion);
}

function regionOption(region: string): { defaultCountry?: CountryCode } {
  return isSupportedCountry(region) ? { defaultCountry: region } : {};
}

function faultOf(text: string, region: string): PhoneFault {
  if (SCIENTIFIC.test(text)) {
    return {
      fault: `${shown(text)} is how spreadsheets write long numbers: this one was rounded by a spreadsheet; format the column as text, enter the number again and upload again`,
    };
  }
  if (/^#+$/.test(text)) return { fault: `${shown(text)} is what a spreadsheet shows in a narrow column; widen it and save again` };
  if (/\d.*\+/.test(text)) return { fault: `${shown(text)} holds more than one number; keep one to a cell` };
  const invalid = `${shown(text)} is not a valid phone number`;
  if (text.startsWith('+')) return { fault: `${invalid}; check the country code and the count of digits` };
  const ofRegion = region === '' ? invalid : `${invalid} of region ${region}`;
  const meant = PLAIN_DIGITS.test(text) ? accepted(parseInternational(text)) : null;
  if (meant === null) return { fault: `${ofRegion}; write it with + and the country code` };
  return { fault: `${ofRegion}; if its leading + was lost, write ${meant.e164} and format the column as text`, meant };
}

function shown(text: string): string {
  return `"${text.slice(0, 40)}"`;
}
