import { unitsOf } from '../text/units.js';
import { DIGIT_WORDS } from './word-lists.js';

/** From here on a sound is our own, as an echo meter tells it; below, it is the person's. */
export const ECHO_AT = 0.5;

/** Share of the words that must stand in what we said, in that order. Recognisers mishear one word in five of an echo. */
const ALIKE = 0.8;

/**
 * Is this our own voice, come back over the person's loudspeaker? One or two words prove little, since people repeat what they hear: so
 * few keep a text from cutting the agent (`minUnits` 1), it takes more to drop it altogether.
 */
export function isEchoOf(text: string, spoken: string, minUnits: number): boolean {
  const heard = soundsOf(text);
  if (heard.length < minUnits || heard.length === 0 || spoken === '') return false;
  return longestCommon(heard, soundsOf(spoken)) >= heard.length * ALIKE;
}

/** Recognisers write numbers as they like: one is as good as another. */
const soundsOf = (text: string): string[] =>
  unitsOf(text).map((unit) => (/^\d+$/.test(unit) || DIGIT_WORDS[unit] !== undefined ? '#' : unit));

/** Length of the longest common subsequence. Both are a few dozen words long. */
function longestCommon(left: readonly string[], right: readonly string[]): number {
  let row = new Array<number>(right.length + 1).fill(0);
  for (const unit of left) {
    const next = [0];
    right.forEach((other, index) => {
      const extended = (row[index] ?? 0) + 1;
      next.push(unit === other ? extended : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    });
    row = next;
  }
  return row.at(-1) ?? 0;
}
