import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { IANAZone } from 'luxon';
import { placeOf } from './place-of.js';
import { PrefixTree } from './prefix-tree.js';

describe('where a number speaks for', () => {
  it.each([
    ['a Pensacola exchange', '+18504325550', 'US', 'FL', 'America/Chicago'],
    ['an exchange of 850 that the data does not list', '+18505550123', 'US', 'FL', 'America/Chicago America/New_York'],
    ['448, laid over 850', '+14485550123', 'US', 'FL', 'America/Chicago America/New_York'],
    ['Orlando by its overlay', '+16895550123', 'US', 'FL', 'America/New_York'],
    ['Manhattan', '+12125550123', 'US', 'NY', 'America/New_York'],
    ['Idaho', '+12085550123', 'US', 'ID', 'America/Boise America/Los_Angeles'],
    ['Evansville', '+18124225550', 'US', 'IN', 'America/Chicago'],
    ['Los Angeles, whose code has no entry of its own', '+13105550123', 'US', 'CA', 'America/Los_Angeles'],
    ['the capital', '+12025550123', 'US', 'DC', 'America/New_York'],
    ['Arizona', '+16025550123', 'US', 'AZ', 'America/Phoenix'],
    ['Toronto', '+14165550123', 'CA', 'ON', 'America/Toronto'],
    ['Saskatchewan by its overlay', '+14745550123', 'CA', 'SK', 'America/Regina'],
    ['the maritime provinces', '+19025550123', 'CA', 'NS,PE', 'America/Halifax'],
    ['Charlottetown', '+19025665550', 'CA', 'PE', 'America/Halifax'],
    ['Whitehorse', '+18676675550', 'CA', 'YT', 'America/Whitehorse'],
    ['Puerto Rico', '+17875550123', 'PR', '', 'America/Puerto_Rico'],
    ['American Samoa', '+16846331234', 'AS', '', 'Pacific/Pago_Pago'],
    ['London', '+442079460000', 'GB', '', 'Europe/London'],
    ['a British mobile', '+447400123456', 'GB', '', 'Europe/London'],
    ['a French mobile', '+33612345678', 'FR', '', 'Europe/Paris'],
    ['Réunion', '+262262161234', 'RE', '', 'Indian/Reunion'],
    ['a Chinese mobile', '+8613912345678', 'CN', '', 'Asia/Shanghai'],
    ['Moscow', '+74951234567', 'RU', '', 'Europe/Moscow'],
    ['Kaliningrad', '+74012345678', 'RU', '', 'Europe/Kaliningrad'],
    ['Algeria, which keeps no French summer time', '+21321123456', 'DZ', '', 'Africa/Algiers'],
    ['Ireland', '+35312345678', 'IE', '', 'Europe/Dublin'],
    ['an Indian mobile', '+918123456789', 'IN', '', 'Asia/Kolkata'],
    ['Buenos Aires', '+541123456789', 'AR', '', 'America/Argentina/Buenos_Aires'],
    ['the Canary Islands', '+34922123456', 'ES', '', 'Atlantic/Canary'],
    ['a Spanish mobile', '+34612345678', 'ES', '', 'Atlantic/Canary Europe/Madrid'],
    ['Adelaide and Darwin, not told apart', '+61889411234', 'AU', '', 'Australia/Adelaide Australia/Darwin Australia/Perth'],
    ['Punta Arenas', '+56612345678', 'CL', '', 'America/Punta_Arenas'],
    ['an international freephone number', '+80012345678', null, '', ''],
  ])('%s (%s)', (_, phone, country, regions, zones) => {
    expect(placeOf(phone)).toEqual({ country, regions: regions.split(',').filter(Boolean), timeZones: zones.split(' ').filter(Boolean) });
  });

  it.each([
    ['a toll-free number', '+18005550123', 'US', ['America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu']],
    ['an Australian mobile', '+61412345678', 'AU', ['Australia/Sydney', 'Australia/Perth', 'Australia/Brisbane', 'Australia/Darwin']],
    ['a Russian mobile', '+79123456789', 'RU', ['Europe/Kaliningrad', 'Europe/Moscow', 'Asia/Kamchatka']],
  ])('%s is in any zone of its country', (_, phone, country, zones) => {
    const place = placeOf(phone);
    expect(place).toMatchObject({ country, regions: [] });
    expect(place.timeZones).toEqual(expect.arrayContaining(zones));
    expect(place.timeZones).toEqual([...place.timeZones].sort());
  });

  it('no number of the world is without zones, and luxon knows them all', () => {
    const zones = getCountries().map((country) => placeOf(getExampleNumber(country, examples)?.number ?? '').timeZones);
    expect(zones.filter((names) => names.length === 0)).toEqual([]);
    expect([...new Set(zones.flat())].filter((name) => !IANAZone.isValidZone(name))).toEqual([]);
  });

  it('every area code of the United States and Canada has its states and zones, and the country the library says', () => {
    const wrong: unknown[] = [];
    for (let code = 200; code < 1000; code++) {
      const number = parsePhoneNumberFromString(`+1${code}5550123`);
      if (!number?.isValid() || number.getType() !== 'FIXED_LINE_OR_MOBILE') continue;
      const place = placeOf(number.number);
      const inAmerica = number.country === 'US' || number.country === 'CA';
      if (place.country !== number.country || place.regions.length > 0 !== inAmerica || place.timeZones.length > 6) wrong.push(place);
    }
    expect(wrong).toEqual([]);
  });

  it('is remembered', () => {
    expect(placeOf('+12125550123')).toBe(placeOf('+12125550199'));
  });
});

describe('a prefix tree', () => {
  it('answers with the longest prefix', () => {
    const tree = new PrefixTree([
      ['1', 1],
      ['1850', 2],
      ['1850432', 0],
    ]);
    expect(['1', '1850555', '18504325550', '185', '2', ''].map((digits) => tree.longest(digits))).toEqual([1, 2, 0, 1, -1, -1]);
  });

  it('grows with what it is given', () => {
    const prefixes = Array.from({ length: 5_000 }, (_, value) => [String(10_000 + value), value] as const);
    const tree = new PrefixTree(prefixes);
    expect(prefixes.filter(([prefix, value]) => tree.longest(`+${prefix}9`, 1) !== value)).toEqual([]);
  });
});
