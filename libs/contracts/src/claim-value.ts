import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';
import type { Claim, ClaimField } from './claim-field.js';
import { parseWrittenDate } from './written-date.js';

export type ClaimValueResult = { ok: true; value: string | number | boolean } | { ok: false; reason: string };

const MAX_TEXT = 2_000;
const YES: ReadonlySet<string> = new Set(['true', 'yes', 'y', '1']);
const NO: ReadonlySet<string> = new Set(['false', 'no', 'n', '0']);

const accept = (value: string | number | boolean): ClaimValueResult => ({ ok: true, value });
const reject = (reason: string): ClaimValueResult => ({ ok: false, reason });

/**
 * Checks a value for one field of a claim and brings it into its stored form. The reason of a refusal is written for a language model: it
 * says what to do instead. `region` is the ISO 3166 code for phone numbers without a country code.
 */
export function validateClaimValue(field: ClaimField, value: unknown, options: { region?: string | undefined } = {}): ClaimValueResult {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return reject('Give a text, a number or true/false.');
  const text = String(value).trim();
  if (text === '') return reject('The value is empty. Leave the field out until the person has told it.');
  switch (field.type) {
    case 'text':
      return text.length <= MAX_TEXT ? accept(text) : reject(`The text is too long; ${MAX_TEXT} characters at most.`);
    case 'datetime':
      return checkDate(text);
    case 'email':
      return checkEmail(text);
    case 'phone_number':
      return checkPhone(text, options.region);
    case 'enum':
      return checkEnum(text, field.values ?? []);
    case 'number':
      return checkNumber(text);
    case 'boolean':
      return checkBoolean(text);
  }
}

function checkDate(text: string): ClaimValueResult {
  const date = parseWrittenDate(text);
  if (date !== null) return accept(date);
  return reject('Not a date that exists. Write it in ISO 8601, such as 2026-03-05 or 2026-03-05T14:30; work out relative dates yourself.');
}

function checkEmail(text: string): ClaimValueResult {
  const address = text.toLowerCase();
  return z.email().safeParse(address).success
    ? accept(address)
    : reject('Not an e-mail address. Write it like name@example.com, or ask for it again.');
}

function checkPhone(text: string, region: string | undefined): ClaimValueResult {
  const number = parsePhoneNumberFromString(text, region === undefined ? {} : { defaultCountry: region as CountryCode });
  if (number?.isValid()) return accept(number.number);
  return reject('Not a valid phone number. Write it with its country code, such as +14155550100, or ask for it again.');
}

function checkEnum(text: string, values: readonly string[]): ClaimValueResult {
  const known = values.find((value) => value.toLowerCase() === text.toLowerCase());
  return known === undefined ? reject(`Not one of the allowed values: ${values.join(', ')}.`) : accept(known);
}

function checkNumber(text: string): ClaimValueResult {
  const plain = /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
  const number = /^[-+]?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(number) ? accept(number) : reject('Not a number. Write it in digits, such as 42 or 3.5.');
}

function checkBoolean(text: string): ClaimValueResult {
  const word = text.toLowerCase();
  if (YES.has(word)) return accept(true);
  return NO.has(word) ? accept(false) : reject('Write true or false.');
}

/** Share of the fields that hold a value, 0–1; 1 when there are none. */
export function claimCompleteness(fields: readonly ClaimField[], claim: Claim): number {
  if (fields.length === 0) return 1;
  return fields.filter((field) => Object.hasOwn(claim, field.name)).length / fields.length;
}

/** Country of a phone number in E.164, as an ISO 3166 code. */
export function phoneRegion(phoneE164: string): string | undefined {
  return parsePhoneNumberFromString(phoneE164)?.country;
}
