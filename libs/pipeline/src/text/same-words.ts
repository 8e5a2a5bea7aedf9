import { DIGIT_WORDS } from '../policies/word-lists.js';
import { unitsOf } from './units.js';

/**
 * Do two transcripts say the same? Marks and capitals do not matter, and neither does it whether digits are written as words: final
 * transcripts often hold "555" where the interim one held "five five five".
 */
export function sameWords(left: string, right: string): boolean {
  return left === right || canonical(left) === canonical(right);
}

function canonical(text: string): string {
  const units = unitsOf(text).map((unit) => DIGIT_WORDS[unit] ?? unit);
  return units.reduce((sum, unit) => (/\d$/.test(sum) && /^\d/.test(unit) ? sum + unit : `${sum} ${unit}`), '');
}
