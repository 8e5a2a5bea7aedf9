import { isUnspaced, normaliseText } from './join-text.js';

/** Words, or characters where a script has no spaces between words: normalised, for counting and comparing. */
export function unitsOf(text: string): string[] {
  return normaliseText(text)
    .split(' ')
    .flatMap((word) => (isUnspaced(word.charAt(0)) ? [...word] : [word]))
    .filter((unit) => unit !== '');
}

/** Is the text made of entries of the list and nothing else? Entries may follow each other: "yeah okay", 对对对. */
export function consistsOf(text: string, entries: readonly string[]): boolean {
  const left = normaliseText(text).replace(/\s/g, '');
  return left !== '' && isChain(left, entries);
}

function isChain(text: string, entries: readonly string[]): boolean {
  if (text === '') return true;
  return entries.some((entry) => {
    const solid = entry.replace(/\s/g, '');
    return text.startsWith(solid) && isChain(text.slice(solid.length), entries);
  });
}

/** Does the text end with one of the entries, as whole words? */
export function endsWithOne(text: string, entries: readonly string[]): boolean {
  const normal = normaliseText(text);
  return entries.some((entry) => {
    if (!normal.endsWith(entry)) return false;
    const before = normal.charAt(normal.length - entry.length - 1);
    return before === '' || before === ' ' || isUnspaced(entry.charAt(0));
  });
}
