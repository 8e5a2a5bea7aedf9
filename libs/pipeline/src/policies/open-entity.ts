import { unitsOf } from '../text/units.js';
import { DIGIT_WORDS } from './word-lists.js';
import type { QuestionType } from './question-type.js';

/** Digits of a whole phone number, country code left out. */
const WHOLE_NUMBER = 10;

/**
 * How likely a number, an e-mail address or a spelled word at the end of a text is complete; null where there is none. People pause in them,
 * after each group of digits and each letter.
 */
export function entityEndProbability(text: string, question: QuestionType): number | null {
  return emailEnd(text, question) ?? spellingEnd(text, question) ?? numberEnd(text, question);
}

function emailEnd(text: string, question: QuestionType): number | null {
  const normal = text.toLowerCase();
  const hasAt = /@|\bat\b|arobase|艾特/.test(normal);
  if (!hasAt && question !== 'email') return null;
  if (!hasAt) return /\b(no|none|don't)\b|没有/.test(normal) ? null : 0.3;
  const complete = /(?:@|\bat\b|arobase|艾特)\s*[\w\s-]+(?:\.|\bdot\b|\bpoint\b|点)\s*(?:com|org|net|edu|gov|[a-z]{2,4})[.。]?$/.test(
    normal,
  );
  if (complete) return 0.8;
  return question === 'email' || normal.includes('@') ? 0.2 : null; // "at" is a word like any other, too
}

function spellingEnd(text: string, question: QuestionType): number | null {
  const units = unitsOf(text);
  const letters = trailingCount(units, (unit) => /^\p{L}$/u.test(unit) && !/\p{Script=Han}/u.test(unit));
  return letters >= 2 || (letters === 1 && question === 'spelling') ? 0.3 : null;
}

function numberEnd(text: string, question: QuestionType): number | null {
  const digits = unitsOf(text).map((unit) => DIGIT_WORDS[unit] ?? unit);
  const count = trailingDigits(digits);
  const asked = question === 'number' || question === 'spelling';
  if (count === 0 || (!asked && count < 3)) return null;
  return count >= WHOLE_NUMBER ? 0.6 : 0.35;
}

function trailingCount(units: readonly string[], test: (unit: string) => boolean): number {
  const index = units.findLastIndex((unit) => !test(unit));
  return units.length - 1 - index;
}

function trailingDigits(units: readonly string[]): number {
  const count = trailingCount(units, (unit) => /^\d+$/.test(unit));
  return count === 0 ? 0 : units.slice(-count).reduce((sum, unit) => sum + unit.length, 0);
}
