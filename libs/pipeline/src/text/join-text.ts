/** Scripts that are written without spaces: Chinese, Japanese, and their marks. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff65]/u;

export const isUnspaced = (character: string): boolean => UNSPACED.test(character);

/** Joins two pieces of a transcript as its language writes them. */
export function joinText(left: string, right: string): string {
  if (left === '' || right === '') return left + right;
  return isUnspaced(left.slice(-1)) || isUnspaced(right.slice(0, 1)) ? left + right : `${left} ${right}`;
}

/** The words alone, for asking whether two transcripts say the same. */
export function normaliseText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}
