import { callingCodeOf, exactPlanOf, isValidNational, type NumberingPlan, planOf, planOfCallingCode } from './numbering-plan.js';

/** A valid number taken apart. */
export interface ParsedNumber {
  callingCode: string;
  /** ISO 3166 alpha-2; null when no country of the calling code knows the number, or none has the code. */
  country: string | null;
  /** The national (significant) number: what follows the calling code. */
  national: string;
}

/** Longer ones are no numbers; the ITU says 15 with the calling code, Germany has had longer. */
const MAX_NATIONAL_LENGTH = 17;
const MIN_NATIONAL_LENGTH = 2;

/**
 * Digits that followed a plus, as a valid number or null. This and {@link parseLocal} come to what `parsePhoneNumberFromString` and
 * `isValid()` of libphonenumber-js/max come to (its `parse.js` and `helpers/`); the spec holds them together.
 */
export function parseInternational(digits: string): ParsedNumber | null {
  const callingCode = callingCodeOf(digits);
  const plan = callingCode === null ? null : planOfCallingCode(callingCode);
  if (callingCode === null || plan === null) return null;
  return settle(withoutTrunkPrefix(digits.slice(callingCode.length), plan), plan, null);
}

/** Digits without plus, as somebody in that region would dial them: national, abroad with 00 or 011, or with only the plus missing. */
export function parseLocal(digits: string, region: string): ParsedNumber | null {
  const plan = planOf(region);
  if (plan === null) return null;
  const abroad = withoutIdd(digits, plan);
  if (abroad !== null) return parseInternational(abroad);
  const main = lacksOnlyThePlus(digits, plan) ? planOfCallingCode(plan.callingCode) : null;
  if (main !== null) return settle(withoutTrunkPrefix(digits.slice(plan.callingCode.length), main), main, null);
  return settle(withoutTrunkPrefix(digits, plan), plan, region);
}

function settle(national: string, plan: NumberingPlan, defaultCountry: string | null): ParsedNumber | null {
  if (national.length < MIN_NATIONAL_LENGTH || national.length > MAX_NATIONAL_LENGTH) return null;
  const exact = exactPlanOf(plan.callingCode, national);
  if (!isValidNational(exact ?? plan, national)) return null;
  return { callingCode: plan.callingCode, country: exact?.country ?? defaultCountry, national };
}

function withoutIdd(digits: string, plan: NumberingPlan): string | null {
  const idd = plan.idd?.exec(digits);
  if (!idd) return null;
  const rest = digits.slice(idd[0].length);
  // No calling code starts with a zero.
  return rest === '' || rest.length === digits.length || rest.startsWith('0') ? null : rest;
}

function lacksOnlyThePlus(digits: string, plan: NumberingPlan): boolean {
  if (!digits.startsWith(plan.callingCode)) return false;
  const asWritten = withoutTrunkPrefix(digits, plan);
  if ((plan.lengths.at(-1) ?? Infinity) < asWritten.length) return true;
  return !plan.national.test(asWritten) && plan.national.test(withoutTrunkPrefix(digits.slice(plan.callingCode.length), plan));
}

function withoutTrunkPrefix(digits: string, plan: NumberingPlan): string {
  const found = plan.trunk?.exec(digits);
  if (!plan.trunk || !found) return digits;
  const captured = found.length > 1 && Boolean(found.at(-1));
  const rest = captured && plan.trunkTransform !== null ? digits.replace(plan.trunk, plan.trunkTransform) : digits.slice(found[0].length);
  if (rest === digits) return digits;
  // 800 555 35 35 is a number of Russia, although 8 is its trunk prefix.
  if (plan.national.test(digits) && !plan.national.test(rest)) return digits;
  const lengths = (exactPlanOf(plan.callingCode, rest) ?? plan).lengths;
  return lengths.includes(rest.length) || rest.length > (lengths.at(-1) ?? Infinity) ? rest : digits;
}
