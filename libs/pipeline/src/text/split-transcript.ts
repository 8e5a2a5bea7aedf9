import { isUnspaced, normaliseText } from './join-text.js';

/**
 * Parts a transcript that has grown beyond an earlier state of itself: what revises the earlier text, and what was said since. Recognisers
 * rewrite as they go, so the cut is made after as many words, or characters where there are no spaces, as the earlier text had.
 */
export function splitTranscript(text: string, earlier: string): [head: string, rest: string] {
  const length = unitsOf(text)
    .slice(0, unitsOf(earlier).length)
    .reduce((sum, unit) => sum + unit.length, 0);
  return [text.slice(0, length).trim(), text.slice(length).trim()];
}

/** Is this transcript, going by its beginning, of the same utterance as an earlier one? Half of the words are enough. */
export function resembles(text: string, earlier: string): boolean {
  const [now, then] = [unitsOf(text).map(normaliseText), unitsOf(earlier).map(normaliseText)];
  return then.filter((unit, index) => unit === now[index]).length * 2 >= then.length;
}

/** Words with the space before them, or characters. */
function unitsOf(text: string): string[] {
  const units: string[] = [];
  for (let start = 0; start < text.trimEnd().length;) {
    const end = unitEnd(text, start);
    units.push(text.slice(start, end));
    start = end;
  }
  return units;
}

/** Where the next word, or the next character of a script without spaces, ends. */
function unitEnd(text: string, start: number): number {
  let index = start;
  while (index < text.length && /\s/.test(text.charAt(index))) index += 1;
  if (isUnspaced(text.charAt(index))) return index + 1;
  while (index < text.length && !/\s/.test(text.charAt(index)) && !isUnspaced(text.charAt(index))) index += 1;
  return index;
}
