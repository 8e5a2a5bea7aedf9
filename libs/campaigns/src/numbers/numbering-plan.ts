import metadata from 'libphonenumber-js/max/metadata';

/**
 * A country's numbering plan (or that of a calling code without country, such as +800), with the regular expressions of
 * libphonenumber-js compiled once. The library compiles them anew for every number, which is nearly all it spends its time on.
 */
export interface NumberingPlan {
  callingCode: string;
  /** ISO 3166 alpha-2; null for a calling code that belongs to no country. */
  country: string | null;
  /** How a call abroad begins inside the country, such as 00 or 011. */
  idd: RegExp | null;
  /** What precedes a number inside the country: a trunk prefix, at times a carrier code. */
  trunk: RegExp | null;
  /** Some countries rewrite what {@link trunk} found ($1 and so on) instead of cutting it off. */
  trunkTransform: string | null;
  /** Numbers that begin so belong to this country among those of its calling code. */
  leadingDigits: RegExp | null;
  national: RegExp;
  /** Possible lengths of national numbers, ascending. */
  lengths: readonly number[];
  /** Of fixed lines; in North America of mobile ones too. */
  fixedLine: NumberType | null;
  mobile: NumberType | null;
  /** By length, what any type of number (mobile, toll-free, ...) looks like. Null when the plan knows no types. */
  anyType: readonly (RegExp | undefined)[] | null;
}

interface NumberType {
  pattern: RegExp;
  lengths: readonly number[];
}

/** Where metadata of version 4 keeps what; the order is that of the Metadata class of libphonenumber-js. */
const AT = { callingCode: 0, idd: 1, national: 2, lengths: 3, trunk: 5, trunkForParsing: 7, transform: 8, leadingDigits: 10, types: 11 };
const KNOWN_METADATA_VERSION = 4;

type TypeRow = readonly [pattern?: string, lengths?: readonly number[]];

const planOfCountry = new Map<string, NumberingPlan | null>();
const planOfCode = new Map<string, NumberingPlan | null>();
const plansOfCode = new Map<string, readonly NumberingPlan[]>();

/** Null for a country the metadata does not know. Compiled at the first question. */
export function planOf(country: string): NumberingPlan | null {
  const known = planOfCountry.get(country);
  if (known !== undefined) return known;
  const row: unknown = Object.hasOwn(metadata.countries, country) ? Reflect.get(metadata.countries, country) : undefined;
  const plan = Array.isArray(row) ? compile(row, country) : null;
  planOfCountry.set(country, plan);
  return plan;
}

/** The plan of the main country of a calling code, or of the code itself. Null for a code that is not in use. */
export function planOfCallingCode(callingCode: string): NumberingPlan | null {
  const known = planOfCode.get(callingCode);
  if (known !== undefined) return known;
  const [main] = countriesOf(callingCode);
  const row: unknown = Reflect.get(metadata.nonGeographic, callingCode);
  const plan = main === undefined ? (Array.isArray(row) ? compile(row, null) : null) : planOf(main);
  planOfCode.set(callingCode, plan);
  return plan;
}

/** The calling code at the start of digits written without plus; no code is the beginning of another. */
export function callingCodeOf(digits: string): string | null {
  for (let length = 1; length <= 3; length++) {
    const code = digits.slice(0, length);
    if (planOfCallingCode(code) !== null) return code;
  }
  return null;
}

/** The plan of the very country of a national number; null when no country of the calling code knows it. */
export function exactPlanOf(callingCode: string, national: string): NumberingPlan | null {
  let plans = plansOfCode.get(callingCode);
  if (plans === undefined) {
    plans = countriesOf(callingCode).flatMap((country) => planOf(country) ?? []);
    plansOfCode.set(callingCode, plans);
  }
  if (plans.length <= 1) return plans[0] ?? null;
  for (const plan of plans) {
    if (plan.leadingDigits !== null ? plan.leadingDigits.test(national) : hasType(plan, national)) return plan;
  }
  return null;
}

export function isValidNational(plan: NumberingPlan, national: string): boolean {
  return plan.anyType === null ? plan.national.test(national) : hasType(plan, national);
}

export function isOfType(type: NumberType | null, national: string): boolean {
  return type !== null && type.lengths.includes(national.length) && type.pattern.test(national);
}

function hasType(plan: NumberingPlan, national: string): boolean {
  const pattern = plan.anyType?.[national.length];
  return pattern !== undefined && plan.national.test(national) && pattern.test(national);
}

function countriesOf(callingCode: string): readonly string[] {
  const countries: readonly string[] = metadata.country_calling_codes[callingCode] ?? [];
  return countries.filter((country) => country !== '001');
}

function compile(row: readonly unknown[], country: string | null): NumberingPlan {
  if (metadata.version !== KNOWN_METADATA_VERSION) throw new Error(`Phone metadata of version ${metadata.version} cannot be read`);
  const lengths = row[AT.lengths] as readonly number[];
  const types = row[AT.types] as readonly (TypeRow | null | 0)[] | undefined;
  const trunk = (row[AT.trunkForParsing] || row[AT.trunk] || null) as string | null;
  return {
    callingCode: String(row[AT.callingCode]),
    country,
    idd: startsWith(row[AT.idd]),
    trunk: startsWith(trunk),
    trunkTransform: (row[AT.transform] || null) as string | null,
    leadingDigits: startsWith(row[AT.leadingDigits]),
    national: new RegExp(`^(?:${String(row[AT.national])})$`),
    lengths,
    fixedLine: compileType(types?.[0], lengths),
    mobile: compileType(types?.[1], lengths),
    anyType: types === undefined || types.length === 0 ? null : compileTypes(types, lengths),
  };
}

function startsWith(pattern: unknown): RegExp | null {
  return typeof pattern === 'string' && pattern !== '' ? new RegExp(`^(?:${pattern})`) : null;
}

function compileType(type: TypeRow | null | 0 | undefined, lengths: readonly number[]): NumberType | null {
  return type && type[0] ? { pattern: new RegExp(`^(?:${type[0]})$`), lengths: type[1] ?? lengths } : null;
}

/** One expression per length instead of ten per plan: a number is tried once. */
function compileTypes(types: readonly (TypeRow | null | 0)[], lengths: readonly number[]): (RegExp | undefined)[] {
  const patterns = new Map<number, string[]>();
  for (const type of types) {
    if (!type || !type[0]) continue;
    for (const length of type[1] ?? lengths) patterns.set(length, [...(patterns.get(length) ?? []), type[0]]);
  }
  const longest = Math.max(0, ...patterns.keys());
  return Array.from({ length: longest + 1 }, (_, length) => {
    const some = patterns.get(length);
    return some && new RegExp(`^(?:${some.join('|')})$`);
  });
}
