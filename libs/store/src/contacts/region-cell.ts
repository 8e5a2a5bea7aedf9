// Not from the root of the library: threads load this file, and would load all of the library with it.
import type { BucketFacts } from '@carillon/campaigns/numbers/bucket-key';
import type { NumberPlace } from '@carillon/campaigns/numbers/place-of';
import { isRegionOf } from '@carillon/campaigns/numbers/region-codes';
import { readCnProvince } from './cn-provinces.js';
import { readUsState } from './us-states.js';

/** A part of a country: its ISO 3166-2 code without the country, and the zones that lie in it, where we know them. */
export interface Region {
  code: string;
  timeZones: readonly string[];
}

/** The region of the country that a text names, by its code with or without the country ("CN-31", "31"), or by its name in the USA and China; null when it is none. */
export function readRegion(text: string, country: string | null): Region | null {
  if (country === null) return null;
  if (country === 'US') return readUsState(text);
  const written = text.trim().toUpperCase();
  const code = written.startsWith(`${country}-`) ? written.slice(country.length + 1) : written;
  const known = isRegionOf(country, code) ? code : country === 'CN' ? readCnProvince(text) : null;
  return known === null ? null : { code: known, timeZones: [] };
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
