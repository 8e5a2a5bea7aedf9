// Not from the root of the library: threads load this file, and would load all of the library with it.
import type { BucketFacts } from '@carillon/campaigns/numbers/bucket-key';
import type { NumberPlace } from '@carillon/campaigns/numbers/place-of';
import { isRegionOf } from '@carillon/campaigns/numbers/region-codes';
import { cnProvinceNumber, readCnProvince } from './cn-provinces.js';
import { readUsState } from './us-states.js';

/** A part of a country: its ISO 3166-2 code without the country, and the zones that lie in it, where we know them. */
export interface Region {
  code: string;
  timeZones: readonly string[];
}

/** Countries of their own by their phone numbers and in ISO 3166-1, and parts of the USA in ISO 3166-2. */
const US_TERRITORIES: readonly string[] = ['PR', 'VI', 'GU', 'AS', 'MP'];

/** The region of the country that a text names, by its code with or without the country ("CN-31", "31"), or by its name in the USA and China; null when it is none. */
export function readRegion(text: string, country: string | null): Region | null {
  if (country === null) return null;
  if (country === 'US') return readUsState(text);
  if (US_TERRITORIES.includes(country) && readUsState(text)?.code === country) return { code: country, timeZones: [] };
  const written = text.trim().toUpperCase();
  const code = written.startsWith(`${country}-`) ? written.slice(country.length + 1) : written;
  const known = isRegionOf(country, code) ? code : country === 'CN' ? readCnRegion(text) : null;
  return known === null ? null : { code: known, timeZones: [] };
}

function readCnRegion(text: string): string | null {
  const code = cnProvinceNumber(text);
  return code !== null && isRegionOf('CN', code) ? code : readCnProvince(text);
}

/** Why a text is no region, and what to write instead. */
export function noRegion(text: string, country: string | null): string {
  if (country === null) return 'The number belongs to no country; leave the region out';
  const what =
    country === 'US'
      ? 'no state of the USA; write its name or its two letters'
      : `no region of ${country}, the country of the number; write its ISO 3166-2 code, with or without "${country}-"`;
  return `"${text.slice(0, 40)}" is ${what}`;
}

/** The number may be from one region and the person live in another: a call has to suit both. */
export function placeInRegion(place: NumberPlace, region: Region): Pick<BucketFacts, 'regions' | 'timeZones'> {
  const { regions, timeZones } = place;
  if (regions.length === 1 && regions[0] === region.code) return { regions, timeZones };
  return {
    regions: [...new Set([...regions, region.code])],
    timeZones: [...new Set([...timeZones, ...region.timeZones])],
  };
}
