import { isUnspaced } from './join-text.js';
import { stripMarkdown } from './strip-markdown.js';

export interface Split {
  phrases: string[];
  /** What is not a whole phrase yet. */
  rest: string;
}

/** Words whose full stop ends no sentence. */
export const ABBREVIATIONS: ReadonlySet<string> = new Set(
  'mr mrs ms dr prof sr jr st no nr vs etc inc ltd co corp approx dept est fig gen e.g i.e a.m p.m u.s u.k jan feb mar apr jun jul aug sep sept oct nov dec'.split(
    ' ',
  ),
);

/** The first phrase may be a clause of so many characters: the sooner it is given away, the sooner the person hears something. */
const MIN_CLAUSE = { spaced: 10, unspaced: 4 };

/** A clause mark ends a phrase that has grown beyond this, so that no voice has to wait for a very long sentence: some ten seconds of speech. */
const LONG_PHRASE = { spaced: 180, unspaced: 40 };

/**
 * Cuts the text of a model, as far as it has come, into phrases to be spoken: the first at its first clause, then sentences. A mark at the
 * very end is not trusted before the next character is there (a decimal, an abbreviation), unless the text is complete.
 */
export function splitPhrases(text: string, options: { first: boolean; complete: boolean }): Split {
  const phrases: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const isFirst = options.first && phrases.length === 0;
    if (!endsSentence(text, index, start) && !endsClause(text, index, { start, isFirst })) continue;
    const end = afterClosers(text, index + 1);
    addSpoken(phrases, text.slice(start, end));
    start = end;
    index = end - 1;
  }
  if (!options.complete) return { phrases, rest: text.slice(start) };
  addSpoken(phrases, text.slice(start));
  return { phrases, rest: '' };
}

function addSpoken(phrases: string[], raw: string): void {
  const phrase = stripMarkdown(raw);
  if (/[\p{L}\p{N}]/u.test(phrase)) phrases.push(phrase);
}

function endsSentence(text: string, index: number, start: number): boolean {
  const mark = text.charAt(index);
  if (/[。！？؟।…\n]/.test(mark)) return index > start;
  if (!/[.!?]/.test(mark) || !/\s|["'”’)\]]/.test(text.charAt(index + 1))) return false;
  return mark !== '.' || !isAbbreviation(text.slice(start, index));
}

/** The word before a full stop: a known abbreviation, an initial ("J."), or the number of a list ("1."). */
function isAbbreviation(before: string): boolean {
  const word = /[\p{L}\p{N}.]+$/u.exec(before)?.[0] ?? '';
  if (/^\d+$/.test(word)) return before.trim() === word;
  return /^\p{Lu}$/u.test(word) || ABBREVIATIONS.has(word.toLowerCase());
}

function endsClause(text: string, index: number, { start, isFirst }: { start: number; isFirst: boolean }): boolean {
  const mark = text.charAt(index);
  const whole = /[，、；：]/.test(mark); // one of the full width needs no space behind it
  if (!whole && (!/[,;:،–—]/.test(mark) || !/\s/.test(text.charAt(index + 1)))) return false;
  const script = whole || isUnspaced(text.charAt(index - 1)) ? 'unspaced' : 'spaced';
  if (!isFirst) return index - start > LONG_PHRASE[script];
  return text.slice(start, index).trim().length >= MIN_CLAUSE[script];
}

/** Quotes and brackets that close belong to the phrase before them. */
function afterClosers(text: string, from: number): number {
  let end = from;
  while (/["'”’)\]」』）]/.test(text.charAt(end))) end += 1;
  return end;
}
