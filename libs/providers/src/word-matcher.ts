import type { TtsRequest, WordMark } from '@carillon/pipeline';
import { withPronunciations, WORD } from './pronunciations.js';

/** A word as a service tells of it: times are from the first sample of the utterance. */
export interface ToldWord {
  text: string;
  beginMs: number;
  endMs: number;
}

/** A stretch of what the voice reads, and where it stands in the text that was to be said. */
interface Place {
  spokenFrom: number;
  spokenTo: number;
  offset: number;
  length: number;
  /** Read in the place of other words: none of its own stands in the text. */
  isSubstitute: boolean;
}

/** A service that tells of other words than it was given, numbers for one, is waited for: so many characters it may have left out, no more. */
const MAX_SKIPPED = 40;

const PART_OF_WORD = new RegExp(WORD, 'v');

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', apos: "'", quot: '"' };

/**
 * Finds the words that a service tells of in the text of the request, in order. Where they stand in the markup does not matter: it may hold what
 * is not in the text, and in another form. Words that are not found are left out.
 */
export class WordMatcher {
  readonly #spoken: string;
  readonly #places: Place[] = [];
  #from = 0;
  /** Of a term that is read otherwise, as long as words of its reading may follow. */
  #open: WordMark | undefined;

  constructor({ text, vocabulary }: Pick<TtsRequest, 'text' | 'vocabulary'>) {
    let spoken = '';
    let offset = 0;
    for (const { text: written, say } of withPronunciations(text, vocabulary)) {
      const spokenFrom = spoken.length;
      spoken += say ?? written;
      this.#places.push({ spokenFrom, spokenTo: spoken.length, offset, length: written.length, isSubstitute: say !== undefined });
      offset += written.length;
    }
    this.#spoken = spoken;
  }

  /** What is known by this word. */
  take({ text, beginMs, endMs }: ToldWord): WordMark[] {
    const found = this.#find(plain(text));
    if (found === undefined) return [];
    if (this.#open?.offset === found.offset) {
      this.#open = { ...this.#open, endMs };
      return [];
    }
    const known = this.end();
    const mark = { offset: found.offset, length: found.length, beginMs, endMs };
    if (!found.isSubstitute) return [...known, mark];
    this.#open = mark;
    return known;
  }

  /** No word comes any more. */
  end(): WordMark[] {
    const known = this.#open === undefined ? [] : [this.#open];
    this.#open = undefined;
    return known;
  }

  #find(word: string): Pick<Place, 'offset' | 'length' | 'isSubstitute'> | undefined {
    if (word === '') return undefined;
    for (
      let at = this.#spoken.indexOf(word, this.#from);
      at >= 0 && at - this.#from <= MAX_SKIPPED;
      at = this.#spoken.indexOf(word, at + 1)
    ) {
      if (!this.#isWhole(at, at + word.length)) continue;
      this.#from = at + word.length;
      return this.#placeOf(at, word.length);
    }
    return undefined;
  }

  #isWhole(from: number, to: number): boolean {
    const joins = (left: string, right: string) => PART_OF_WORD.test(left) && PART_OF_WORD.test(right);
    const { [from - 1]: before = '', [from]: first = '', [to - 1]: last = '', [to]: after = '' } = this.#spoken;
    return !joins(before, first) && !joins(last, after);
  }

  #placeOf(at: number, length: number): Pick<Place, 'offset' | 'length' | 'isSubstitute'> | undefined {
    const place = this.#places.find(({ spokenTo }) => spokenTo > at);
    if (place === undefined || place.isSubstitute) return place;
    return { offset: place.offset + at - place.spokenFrom, length, isSubstitute: false };
  }
}

/** Services tell of words as they stand in the markup, or as they are meant. */
function plain(word: string): string {
  return word.trim().replace(/&(amp|lt|gt|apos|quot);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
