import { NUMBER_PLAN } from './number-plan.js';
import { callingCodeOf, exactPlanOf, isOfType, type NumberingPlan } from './numbering-plan.js';
import { PrefixTree } from './prefix-tree.js';

/** Where a number says its owner may be. Shared and frozen: equal places are mostly the same object. */
export interface NumberPlace {
  /** ISO 3166 alpha-2; null when the number tells of no country (+800). */
  readonly country: string | null;
  /** Second parts of ISO 3166-2 codes, sorted: the states of a US number, the provinces of a Canadian one. */
  readonly regions: readonly string[];
  /** IANA names, sorted: every zone the owner may be in. A call is due only where it suits all of them. */
  readonly timeZones: readonly string[];
}

interface PlaceIndex {
  prefixes: PrefixTree;
  /** What the values of {@link prefixes} stand for. */
  places: readonly { timeZones: readonly string[]; regions: readonly string[] }[];
  zonesOf: ReadonlyMap<string, readonly string[]>;
  /** Answers given before, by country ('' for none) and by the place's number + 1. */
  answers: Map<string, (NumberPlace | undefined)[]>;
}

/** Calling codes whose mobile numbers belong to towns as fixed lines do; libphonenumber's GEO_MOBILE_COUNTRIES. */
const TOWN_MOBILES: ReadonlySet<string> = new Set(['52', '54', '55', '62', '86']);
const WITH_REGIONS: ReadonlySet<string> = new Set(['US', 'CA']);
const NO_PLACE = -1;

let index: PlaceIndex | null = null;

/**
 * The country, states and time zones that a valid number in E.164 speaks for. Numbers that are tied to no town (mobile in most countries,
 * toll-free) may be in any zone of their country. People move and keep their numbers: what is known of the person comes first.
 */
export function placeOf(phoneE164: string): NumberPlace {
  const { prefixes, places, zonesOf, answers } = (index ??= readIndex());
  const digits = phoneE164.slice(1);
  const callingCode = callingCodeOf(digits);
  const national = digits.slice(callingCode?.length ?? 0);
  const plan = callingCode === null ? null : exactPlanOf(callingCode, national);
  const place = plan === null || isTiedToTown(plan, national) ? prefixes.longest(digits) : NO_PLACE;
  const country = plan?.country ?? null;
  const ofCountry = answersOf(country, answers);
  return (ofCountry[place + 1] ??= answer(country, places[place], zonesOf));
}

function isTiedToTown(plan: NumberingPlan, national: string): boolean {
  return isOfType(plan.fixedLine, national) || (TOWN_MOBILES.has(plan.callingCode) && isOfType(plan.mobile, national));
}

function answersOf(country: string | null, answers: PlaceIndex['answers']): (NumberPlace | undefined)[] {
  const known = answers.get(country ?? '');
  if (known) return known;
  const fresh: (NumberPlace | undefined)[] = [];
  answers.set(country ?? '', fresh);
  return fresh;
}

function answer(country: string | null, place: PlaceIndex['places'][number] | undefined, zonesOf: PlaceIndex['zonesOf']): NumberPlace {
  const regions = place && country !== null && WITH_REGIONS.has(country) ? place.regions : [];
  const timeZones = place?.timeZones ?? zonesOf.get(country ?? '') ?? [];
  return Object.freeze({ country, regions: Object.freeze([...regions]), timeZones: Object.freeze([...timeZones]) });
}

function readIndex(): PlaceIndex {
  const zones = NUMBER_PLAN.zones.split(' ');
  const zonesIn = (text: string): string[] => text.split('.').flatMap((id) => zones[parseInt(id, 36)] ?? []);
  const places = NUMBER_PLAN.places.split(' ').map((text) => {
    const [timeZones = '', regions = ''] = text.split('|');
    return { timeZones: zonesIn(timeZones), regions: regions === '' ? [] : regions.split(',') };
  });
  const pairs = (text: string) => text.split(' ').map((entry) => entry.split(':') as [key: string, value: string]);
  return {
    prefixes: new PrefixTree(pairs(NUMBER_PLAN.prefixes).map(([prefix, id]) => [prefix, parseInt(id, 36)] as const)),
    places,
    zonesOf: new Map(pairs(NUMBER_PLAN.countries).map(([country, ids]) => [country, zonesIn(ids)])),
    answers: new Map(),
  };
}
