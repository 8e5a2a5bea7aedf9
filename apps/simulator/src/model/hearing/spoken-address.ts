import { numberRuns } from './spoken-number.js';
import { titleCase, withoutLeadIns, withoutStutter } from './words.js';

const STREET_TYPES = new Set(
  'street avenue road lane drive court boulevard place way square terrace parkway highway circle trail alley crescent row plaza'.split(' '),
);
const DIRECTIONS = new Set(['north', 'south', 'east', 'west']);

/** Street names have no more words than this before "street". */
const MAX_NAME_WORDS = 4;

/** "i live at four one two maple street" → `412 Maple Street`; null without a house number and a street. */
export function spokenAddress(plain: string): string | null {
  const words = withoutStutterOutsideNumbers(withoutLeadIns(plain).split(' '));
  const type = words.findLastIndex((word) => STREET_TYPES.has(word));
  if (type < 0) return null;
  const number = numberRuns(words)
    .filter((run) => run.end < type && type - run.end <= MAX_NAME_WORDS)
    .at(-1);
  if (!number) return null;
  const name = words.slice(number.end, type + 1);
  const direction = words[type + 1] ?? '';
  return `${number.digits} ${titleCase(DIRECTIONS.has(direction) ? [...name, direction] : name)}`;
}

/** "maple maple street" → "maple street", but "four four" stays. */
function withoutStutterOutsideNumbers(words: readonly string[]): string[] {
  const numbers = numberRuns(words);
  const isNumber = (index: number) => numbers.some((run) => index >= run.start && index < run.end);
  const kept = words.filter((word, index) => isNumber(index) || word !== words[index - 1]);
  return numbers.length === 0 ? withoutStutter(words) : kept;
}
