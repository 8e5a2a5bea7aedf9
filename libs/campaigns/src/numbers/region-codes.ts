import regionsOfCountry from '../policies/regions.json' with { type: 'json' };

const LISTED: Readonly<Record<string, readonly string[]>> = regionsOfCountry;
const CODE = /^[A-Z0-9]{1,3}$/;

/** Is it the second part of an ISO 3166-2 code of the country, such as FL or 31? Where no list of the country ships, whatever has the form of one. */
export function isRegionOf(country: string, code: string): boolean {
  return LISTED[country]?.includes(code) ?? CODE.test(code);
}

/** Can it be told whether a code is one of the country's? It can for countries of which some policy has rules for single regions. */
export function hasRegionList(country: string): boolean {
  return Object.hasOwn(LISTED, country);
}
