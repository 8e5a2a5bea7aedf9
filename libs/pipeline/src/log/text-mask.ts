import { isUnspaced } from '../text/join-text.js';
import { DIGIT_WORDS, KNOWN_WORDS } from '../policies/word-lists.js';
import { ABBREVIATIONS } from '../text/split-phrases.js';

/** No word of any language we speak is made of these alone. */
const LETTERS = 'bcdfghjklmnpqrstvwxz';
/** A digit, a character of a script without spaces, or a word of any other. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}`;
const UNITS = new RegExp(String.raw`\p{N}|[${UNSPACED}]|(?:(?![${UNSPACED}])[\p{L}\p{M}])+`, 'gu');
const DIGITS_BY_LENGTH: Readonly<Record<number, string>> = { 3: 'one', 4: 'zero', 5: 'three' };
/** Digits that are something else by themselves: a sign of listening, an article that nobody ends with. */
const NOT_ONLY_DIGITS: ReadonlySet<string> = new Set(['oh', 'un']);
/** Where made-up Chinese characters begin. */
const FIRST_HAN = 0x5000;

const isKnown = (word: string): boolean => KNOWN_WORDS.has(word) || ABBREVIATIONS.has(word) || word.length === 1;

/**
 * Makes the words of one call unreadable and keeps all that turn taking looks at: the length of each word, its script, capitals, marks, which
 * words are the same, and the few words that the policies know. Of digits only zeros can be told from others: which one it was is a secret even where
 * only that changes, so a transcript that mends nothing but a digit says the same as before here.
 */
export class TextMask {
  private readonly masks = new Map<string, string>();
  private words = 0;
  private characters = 0;

  /** What the person said: of its words the length does not matter to anybody. */
  person(text: string): string {
    return this.mask(text, true);
  }

  /** What the agent says, or is told by its tools. */
  agent(text: string): string {
    return this.mask(text, false);
  }

  private mask(text: string, anyLength: boolean): string {
    return text.replace(UNITS, (unit) => (/\p{N}/u.test(unit) ? maskDigit(unit) : this.unit(unit, anyLength)));
  }

  private unit(word: string, anyLength: boolean): string {
    const lower = word.toLowerCase();
    if (NOT_ONLY_DIGITS.has(lower)) return word;
    if (DIGIT_WORDS[lower] !== undefined) return this.digit(word, anyLength);
    if (isUnspaced(word) ? KNOWN_WORDS.has(word) : isKnown(lower)) return word;
    const mask = this.masks.get(lower) ?? this.invent(lower);
    this.masks.set(lower, mask);
    return [...mask].map((letter, at) => (isUpper(word.charAt(at)) ? letter.toUpperCase() : letter)).join('');
  }

  /** Which digit it was cannot be told; of the agent's words the length stays, as that of all its words. */
  private digit(word: string, anyLength: boolean): string {
    const isZero = DIGIT_WORDS[word.toLowerCase()] === '0';
    if (isUnspaced(word)) return isZero ? '零' : '二';
    if (anyLength) return isZero ? 'zero' : 'two';
    return DIGITS_BY_LENGTH[word.length] ?? word.replace(/./gu, 'x');
  }

  private invent(word: string): string {
    if (isUnspaced(word)) return this.inventCharacter();
    this.words += 1;
    let mask = '';
    for (let rest = this.words; mask.length < word.length; rest = Math.floor(rest / LETTERS.length)) {
      mask = LETTERS.charAt(rest % LETTERS.length) + mask;
    }
    return mask;
  }

  private inventCharacter(): string {
    for (;;) {
      this.characters += 1;
      const character = String.fromCharCode(FIRST_HAN + this.characters);
      if (!KNOWN_WORDS.has(character) && DIGIT_WORDS[character] === undefined) return character;
    }
  }
}

/** Never the key that takes an offer of ours. */
export const maskDigit = (digit: string): string => (digit === '0' ? '0' : '2');

const isUpper = (letter: string): boolean => letter !== letter.toLowerCase();
