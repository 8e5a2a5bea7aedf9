import type { Ms, WordMark } from '../ports.js';
import { heardText } from '../text/heard-text.js';

/** The audio of a text, and when which of its words are said. Times are from the first sample. */
export interface SpokenText {
  text: string;
  /** In order; words that nobody told of lie evenly between those around them. */
  words: readonly WordMark[];
  beginMs: Ms;
  endMs: Ms;
}

export interface WordStart {
  atMs: Ms;
  /** Nobody told when the word begins: it lies there by the number of characters before it, and not before `fromMs`. */
  guess: { fromMs: Ms } | null;
}

/** A share of 1 would be the whole text: even the last word is said again when it was stopped in it. */
const LAST_WORD = 0.999;

/** Marks and spaces behind a word are said with it. */
const BEHIND_WORD = /[^\p{L}\p{N}]*/uy;

/** Between two words that are known, and nothing but what is not. */
interface Gap {
  from: number;
  to: number;
  fromMs: Ms;
  toMs: Ms;
}

/** How much of the text was said by then (0–1): of words that are known only whole ones. */
export function shareSaid(spoken: SpokenText, atMs: Ms): number {
  const place = placeAt(spoken, atMs);
  const characters = 'length' in place ? place.offset : place.from + shareOf(place, atMs) * (place.to - place.from);
  return Math.min(1, characters / Math.max(1, spoken.text.length));
}

/** Where to begin again when the audio was stopped there: with the word that was not said to its end. */
export function wordStart(spoken: SpokenText, atMs: Ms): WordStart {
  const place = placeAt(spoken, atMs);
  if ('length' in place) return { atMs: place.beginMs, guess: null };
  const { from, to, fromMs, toMs } = place;
  if (from >= to) return { atMs, guess: null };
  const said = heardText(spoken.text.slice(from, to), Math.min(shareOf(place, atMs), LAST_WORD)).length;
  return { atMs: fromMs + (said / (to - from)) * (toMs - fromMs), guess: { fromMs } };
}

/** The word that is being said, or the gap between two. */
function placeAt({ text, words, beginMs, endMs }: SpokenText, atMs: Ms): WordMark | Gap {
  const index = words.findIndex((word) => word.endMs > atMs);
  const next = index < 0 ? undefined : words[index];
  if (next !== undefined && next.beginMs <= atMs) return next;
  const before = index < 0 ? words.at(-1) : words[index - 1];
  return {
    from: before === undefined ? 0 : endOf(text, before),
    to: next?.offset ?? text.length,
    fromMs: before?.endMs ?? beginMs,
    toMs: next?.beginMs ?? endMs,
  };
}

function endOf(text: string, { offset, length }: WordMark): number {
  BEHIND_WORD.lastIndex = offset + length;
  return BEHIND_WORD.test(text) ? BEHIND_WORD.lastIndex : offset + length;
}

function shareOf({ fromMs, toMs }: Gap, atMs: Ms): number {
  return Math.min(1, Math.max(0, (atMs - fromMs) / Math.max(1, toMs - fromMs)));
}
