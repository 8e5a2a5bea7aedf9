/**
 * Parts a transcript that has grown beyond an earlier state of itself: what revises the earlier text, and what was said since. Recognisers
 * rewrite as they go, so where the beginnings differ the cut is made by the number of words, or of characters where there are no spaces.
 */
export function splitTranscript(text: string, earlier: string): [head: string, rest: string] {
  if (text.toLowerCase().startsWith(earlier.toLowerCase())) return cutAt(text, earlier.length);
  const words = text.match(/\S+\s*/g) ?? [];
  const count = earlier.match(/\S+/g)?.length ?? 0;
  if (words.length === 1) return cutAt(text, earlier.length);
  return cutAt(text, words.slice(0, count).join('').length);
}

/** The rest must begin a word: half a word goes to the head. */
function cutAt(text: string, index: number): [string, string] {
  const spaced = /\s/.test(text);
  let end = index;
  while (spaced && end < text.length && end > 0 && !/\s/.test(text.charAt(end)) && !/\s/.test(text.charAt(end - 1))) end += 1;
  return [text.slice(0, end).trim(), text.slice(end).trim()];
}
