/** English words for numbers and months, for those who say them and those who understand them. */

export const DIGIT_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'] as const;

export const TEEN_WORDS = [
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
] as const;

/** By tens digit; nothing for 0 and 1. */
export const TENS_WORDS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'] as const;

export const MONTH_WORDS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

export const WEEKDAY_WORDS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

const ORDINAL_WORDS: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

/** 0–999 as cardinal words: 42 → "forty two". Throws a RangeError outside. */
export function cardinalWords(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > 999) throw new RangeError('only whole numbers from 0 to 999 have words here');
  if (value < 10) return DIGIT_WORDS[value] ?? '';
  if (value < 20) return TEEN_WORDS[value - 10] ?? '';
  if (value < 100) return `${TENS_WORDS[Math.floor(value / 10)] ?? ''}${value % 10 === 0 ? '' : ` ${cardinalWords(value % 10)}`}`;
  return `${cardinalWords(Math.floor(value / 100))} hundred${value % 100 === 0 ? '' : ` ${cardinalWords(value % 100)}`}`;
}

/** 1–99 as ordinal words: 21 → "twenty first". */
export function ordinalWords(value: number): string {
  const words = cardinalWords(value).split(' ');
  const last = words.pop() ?? '';
  return [...words, ORDINAL_WORDS[last] ?? last.replace(/y$/, 'ie').concat('th')].join(' ');
}

/** Each digit alone: "4172" → "four one seven two". Throws a RangeError on anything else. */
export function digitWords(digits: string): string {
  return [...digits].map((digit) => DIGIT_WORDS[digitValue(digit)]).join(' ');
}

function digitValue(digit: string): number {
  if (!/^\d$/.test(digit)) throw new RangeError('not a digit');
  return Number(digit);
}
