import { getCountries, getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { readPhone } from './read-phone.js';

describe('a phone number in a cell', () => {
  it.each([
    ['+1 (415) 555-0132', 'US', '+14155550132', 'US'],
    ['415-555-0132', 'US', '+14155550132', 'US'],
    ['14155550132', 'US', '+14155550132', 'US'],
    ['="+14155550132"', 'US', '+14155550132', 'US'],
    ["'+14155550132", 'US', '+14155550132', 'US'],
    ['  +1\u00A0415\u202F555\u00A00132 ', 'US', '+14155550132', 'US'],
    ['\u202A+14155550132\u202C', 'US', '+14155550132', 'US'],
    ['＋１４１５５５５０１３２', 'DE', '+14155550132', 'US'],
    ['٠٣٠٩٠١٨٢٠', 'DE', '+4930901820', 'DE'],
    ['4155550132.0', 'US', '+14155550132', 'US'],
    ['030 901820', 'DE', '+4930901820', 'DE'],
    ['0033142685300', 'DE', '+33142685300', 'FR'],
    ['+33 (0)1 42 68 53 00', 'US', '+33142685300', 'FR'],
    ['02 1234 5678', 'IT', '+390212345678', 'IT'],
    ['+44 7911 123456', 'US', '+447911123456', 'GG'],
    ['011 15-2345-6789', 'AR', '+5491123456789', 'AR'],
    ['+800 1234 5678', 'US', '+80012345678', null],
    ['8 (800) 555-35-35', 'RU', '+78005553535', 'RU'],
    ['+14155550132', 'nowhere', '+14155550132', 'US'],
  ])('written as %s in region %s is %s', (text, region, e164, country) => {
    expect(readPhone(text, region)).toEqual({ e164, country });
  });

  it.each([
    ['', /missing/],
    [' \u200B', /missing/],
    ['soon', /"soon" is not a valid phone number of region US/],
    ['123', /not a valid phone number/],
    ['1.38E+10', /"1.38E\+10" is how spreadsheets write long numbers: .*format the column as text.*upload again/],
    ['1,4155550132e10', /rounded by a spreadsheet/],
    ['########', /narrow column/],
    ['+14155550132 ext. 5', /extension/],
    ['+14155550132 / +14155550133', /more than one number/],
    ['call +14155550132', /not a valid phone number/],
    ['+1415555013', /check the country code and the count of digits/],
    ['+999 1234 5678', /check the country code/],
  ])('written as %j is refused with what to do', (text, fault) => {
    expect(readPhone(text, 'US')).toEqual({ fault: expect.stringMatching(fault) });
  });

  it('that lost its plus is not dialed on a guess, but the fault says what it may have been', () => {
    expect(readPhone('33142685300', 'US')).toEqual({
      fault:
        '"33142685300" is not a valid phone number of region US; if its leading + was lost, write +33142685300 and format the column as text',
      meant: { e164: '+33142685300', country: 'FR' },
    });
  });
});

describe('beside the library', () => {
  const countries = getCountries();

  it('every country agrees about two hundred thousand numbers, right and wrong', () => {
    const random = seeded(20_260);
    const wrong: unknown[] = [];
    let valid = 0;
    for (let index = 0; index < 200_000; index++) {
      const country = pick(countries, random);
      const region = random() < 0.7 ? country : pick(countries, random);
      const text = written(country, random);
      const expected = askLibrary(text, region);
      const read = readPhone(text, region);
      const got = 'e164' in read ? `${read.e164} ${read.country}` : null;
      if (expected !== null) valid++;
      if (expected !== got) wrong.push({ text, region, expected, got });
    }
    expect(wrong).toEqual([]);
    // Else the test would prove little about what is accepted.
    expect(valid).toBeGreaterThan(60_000);
  }, 60_000);
});

function askLibrary(text: string, region: string): string | null {
  const number = parsePhoneNumberFromString(text, { ...(isSupportedCountry(region) ? { defaultCountry: region } : {}), extract: false });
  return number?.isValid() && !number.ext ? `${number.number} ${number.country ?? null}` : null;
}

/** A number of that country, or nearly one, in one of the ways people write it. */
function written(country: ReturnType<typeof getCountries>[number], random: () => number): string {
  const callingCode = getCountryCallingCode(country);
  const national = spoilt(String(examples[country] ?? '2015550123'), random);
  switch (Math.floor(random() * 10)) {
    case 0:
    case 1:
    case 2:
      return `+${callingCode}${national}`;
    case 3:
      return `${pick(['0', '1', '8', '06', '01', '00', '9'], random)}${national}`;
    case 4:
      return `${callingCode}${national}`;
    case 5:
      return `${pick(['00', '011', '810', '0011'], random)}${callingCode}${national}`;
    case 6:
      return `+${callingCode} (0)${national.slice(0, 3)}-${national.slice(3)}`;
    case 7:
      return `(${national.slice(0, 2)}) ${national.slice(2, 5)}\u00A0${national.slice(5)}`;
    case 8:
      return `+${digits(3 + Math.floor(random() * 13), random)}`;
    default:
      return national;
  }
}

function spoilt(national: string, random: () => number): string {
  const tail = national.length - Math.floor(random() * national.length);
  const other = national.slice(0, tail) + digits(national.length - tail, random);
  const dice = random();
  if (dice < 0.6) return other;
  if (dice < 0.7) return other.slice(0, -1);
  if (dice < 0.8) return other + digits(1, random);
  if (dice < 0.9) return digits(2, random) + other.slice(2);
  return digits(national.length, random);
}

function digits(count: number, random: () => number): string {
  return Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}

/** The generator of Park and Miller: the same numbers at every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
