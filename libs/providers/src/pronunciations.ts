import type { VocabularyTerm } from '@carillon/contracts';

/** A stretch of a text, and what the voice is to read in its place, if anything. */
export interface Stretch {
  text: string;
  say?: string;
}

interface Lexicon {
  pattern: RegExp;
  sayings: ReadonlyMap<string, string>;
}

/** Scripts without spaces: a word of another script, or of their own, may stand right beside their signs. */
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`;
/** What makes the sign beside it a part of the same word. */
export const WORD = String.raw`[[\p{L}\p{M}\p{N}]--${UNSPACED}]`;
const STARTS_WORD = new RegExp(`^${WORD}`, 'v');
const ENDS_WORD = new RegExp(`${WORD}$`, 'v');

/** One list goes with each phrase of a call: it is compiled once. */
const compiled = new WeakMap<readonly VocabularyTerm[], Lexicon | null>();

/** The text in stretches, with the terms that have a pronunciation apart: whole words, in capitals or not, the longest that fits first. */
export function withPronunciations(text: string, vocabulary: readonly VocabularyTerm[] = []): Stretch[] {
  const lexicon = lexiconOf(vocabulary);
  if (lexicon === null) return [{ text }];
  const stretches: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(lexicon.pattern)) {
    const [term] = match;
    const say = lexicon.sayings.get(keyOf(term));
    if (say === undefined) continue;
    if (match.index > from) stretches.push({ text: text.slice(from, match.index) });
    stretches.push({ text: term, say });
    from = match.index + term.length;
  }
  if (from < text.length) stretches.push({ text: text.slice(from) });
  return stretches;
}

function lexiconOf(vocabulary: readonly VocabularyTerm[]): Lexicon | null {
  const known = compiled.get(vocabulary);
  if (known !== undefined) return known;
  const lexicon = compileLexicon(vocabulary);
  compiled.set(vocabulary, lexicon);
  return lexicon;
}

function compileLexicon(vocabulary: readonly VocabularyTerm[]): Lexicon | null {
  const sayings = new Map<string, string>();
  for (const { term, say = '' } of vocabulary) if (say.trim() !== '' && keyOf(term) !== '') sayings.set(keyOf(term), say);
  if (sayings.size === 0) return null;
  const longestFirst = [...sayings.keys()].toSorted((a, b) => b.length - a.length);
  return { sayings, pattern: new RegExp(longestFirst.map(patternOf).join('|'), 'giv') };
}

function patternOf(term: string): string {
  const before = STARTS_WORD.test(term) ? `(?<!${WORD})` : '';
  const after = ENDS_WORD.test(term) ? `(?!${WORD})` : '';
  return (
    before +
    term
      .split(' ')
      .map(literally)
      .join(String.raw`\s+`) +
    after
  );
}

/** Every sign by its number: none of them means anything to the pattern. */
function literally(word: string): string {
  return [...word].map((sign) => String.raw`\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`).join('');
}

function keyOf(term: string): string {
  return term.trim().replace(/\s+/g, ' ').toLowerCase();
}
