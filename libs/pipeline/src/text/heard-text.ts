import { isUnspaced } from './join-text.js';

/** Of a share that was a whole number of characters. */
const ROUNDING = 1e-6;

/** The part of a text that was heard, by its share in time: cut back to a whole word, so that nothing is claimed that was not heard. */
export function heardText(text: string, share: number): string {
  if (share >= 1) return text;
  let end = Math.floor(text.length * Math.max(0, share) + ROUNDING);
  while (end > 0 && !isBoundary(text, end)) end -= 1;
  return text.slice(0, end).trimEnd();
}

function isBoundary(text: string, index: number): boolean {
  const before = text.charAt(index - 1);
  const after = text.charAt(index);
  return /\s/.test(before) || /\s/.test(after) || isUnspaced(before) || isUnspaced(after);
}
