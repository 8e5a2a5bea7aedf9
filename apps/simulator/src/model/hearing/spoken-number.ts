import { DIGIT_WORDS, TEEN_WORDS, TENS_WORDS } from '../../english/number-words.js';

const SMALL = new Map<string, number>([
  ...DIGIT_WORDS.map((word, value): [string, number] => [word, value]),
  ...TEEN_WORDS.map((word, value): [string, number] => [word, value + 10]),
]);
const TENS = new Map<string, number>(TENS_WORDS.flatMap((word, tens): [string, number][] => (word === '' ? [] : [[word, tens * 10]])));
const TIMES: Readonly<Record<string, number>> = { double: 2, triple: 3, treble: 3 };

/** Digits that sound like other words; only between two numbers are they taken for digits; some at the end too. */
const SOUND_ALIKES: Readonly<Record<string, string>> = {
  to: '2',
  too: '2',
  for: '4',
  won: '1',
  ate: '8',
  eighth: '8',
  oh: '0',
  o: '0',
  nought: '0',
};
const JOINTS = new Set(['dash', 'hyphen', 'minus', 'and', 'then']);

export interface NumberRun {
  /** First word and the one after the last. */
  start: number;
  end: number;
  /** All groups in a row: "forty one seventy two" → `4172`. */
  digits: string;
}

interface Group {
  digits: string;
  end: number;
}

/** Where numbers are spoken, digit by digit or in groups. */
export function numberRuns(words: readonly string[]): NumberRun[] {
  const runs: NumberRun[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const run = runFrom(words, at);
    if (!run) continue;
    runs.push(run);
    at = run.end;
  }
  return runs;
}

/** The number that was most likely meant as an answer: the longest one, the last of equals. Null when no number was said. */
export function spokenDigits(words: readonly string[]): string | null {
  const best = numberRuns(words).reduce<NumberRun | null>((a, b) => (a && a.digits.length > b.digits.length ? a : b), null);
  return best?.digits ?? null;
}

function runFrom(words: readonly string[], start: number): NumberRun | null {
  const first = groupAt(words, start) ?? leadingZero(words, start);
  if (!first) return null;
  let { digits, end } = first;
  for (let next = continuationAt(words, end); next; next = continuationAt(words, end)) {
    digits += next.digits;
    end = next.end;
  }
  return { start, end, digits };
}

/** The group after a number: directly, behind a dash, or a word that sounds like a digit with a number behind it. */
function continuationAt(words: readonly string[], at: number): Group | null {
  const group = groupAt(words, at);
  if (group) return group;
  const word = words[at] ?? '';
  if (JOINTS.has(word)) return groupAt(words, at + 1);
  const digit = SOUND_ALIKES[word];
  const alone = digit === '0' || word === 'eighth';
  return digit !== undefined && (alone || continuationAt(words, at + 1)) ? { digits: digit, end: at + 1 } : null;
}

/** "oh four one": an oh at the beginning counts when a number follows. */
function leadingZero(words: readonly string[], at: number): Group | null {
  const word = words[at] ?? '';
  return (word === 'oh' || word === 'o') && groupAt(words, at + 1) ? { digits: '0', end: at + 1 } : null;
}

/** One spoken number: "seven", "seventy two", "four hundred and twelve", "two thousand five", "double four", `4172`. */
export function groupAt(words: readonly string[], at: number): Group | null {
  const word = words[at] ?? '';
  if (/^\d+$/.test(word)) return { digits: word, end: at + 1 };
  const times = TIMES[word];
  if (times !== undefined) return repeated(words, at + 1, times);
  const small = belowHundred(words, at);
  return small ? withScales(words, small) : null;
}

function repeated(words: readonly string[], at: number, times: number): Group | null {
  const value = SMALL.get(words[at] ?? '') ?? ((words[at] ?? '') === 'oh' ? 0 : undefined);
  return value !== undefined && value < 10 ? { digits: String(value).repeat(times), end: at + 1 } : null;
}

interface Cardinal {
  value: number;
  end: number;
}

function belowHundred(words: readonly string[], at: number): Cardinal | null {
  const small = SMALL.get(words[at] ?? '');
  if (small !== undefined) return { value: small, end: at + 1 };
  const tens = TENS.get(words[at] ?? '');
  if (tens === undefined) return null;
  const unit = SMALL.get(words[at + 1] ?? '');
  return unit !== undefined && unit > 0 && unit < 10 ? { value: tens + unit, end: at + 2 } : { value: tens, end: at + 1 };
}

function withScales(words: readonly string[], small: Cardinal): Group {
  let { value, end } = small;
  for (const [name, factor] of [
    ['hundred', 100],
    ['thousand', 1_000],
  ] as const) {
    if (words[end] !== name) continue;
    value *= factor;
    end += 1;
    const rest = belowScale(words, words[end] === 'and' ? end + 1 : end, factor);
    if (!rest) continue;
    value += rest.value;
    end = rest.end;
  }
  return { digits: String(value), end };
}

/** What may follow "hundred" or "thousand". */
function belowScale(words: readonly string[], at: number, factor: number): Cardinal | null {
  const small = belowHundred(words, at);
  if (!small || factor === 100 || words[small.end] !== 'hundred') return small;
  const rest = belowHundred(words, words[small.end + 1] === 'and' ? small.end + 2 : small.end + 1);
  return { value: small.value * 100 + (rest?.value ?? 0), end: rest?.end ?? small.end + 1 };
}
