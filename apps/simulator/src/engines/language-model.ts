/** The words of a sentence as the recogniser knows them: lower case, letters and apostrophes. Throws on digits: write `two`, not `2`. */
export function wordsOf(sentence: string): string[] {
  if (/\d/.test(sentence)) throw new Error('a sentence for the language model holds digits; write numbers as words');
  const plain = sentence.toLowerCase().normalize('NFKD').replace(/[’‘]/g, "'");
  return plain
    .replace(/[^a-z' ]+/g, (gap) => (/^\p{M}+$/u.test(gap) ? '' : ' ')) // accents vanish, punctuation parts words
    .split(/\s+/)
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '');
}

const START = '<s>';
const END = '</s>';

/** ARPA's stand-in for log10(0): the start of a sentence is never predicted. */
const NEVER = -99;

interface Context {
  /** How often each word followed. */
  followers: Map<string, number>;
  total: number;
}

/**
 * A trigram model with interpolated Witten-Bell smoothing. A context seen `total` times with `kinds` different followers gives
 * each follower `(count + kinds × shorter) / (total + kinds)`, where `shorter` is the word's probability in the context without its
 * first word (for single words, every word alike). What a follower was never seen gets is `shorter` times the context's back-off
 * weight `kinds / (total + kinds)`, which makes every context sum to exactly 1.
 */
export class TrigramModel {
  readonly words: readonly string[];
  readonly #contexts = new Map<string, Context>();
  readonly #single: Context = { followers: new Map(), total: 0 };

  constructor(sentences: Iterable<readonly string[]>) {
    for (const sentence of sentences) this.#count([START, ...sentence, END]);
    this.words = [...this.#single.followers.keys()].filter((word) => word !== END).sort();
  }

  /** Probability of `word` after one or two words of context, oldest first. Unseen contexts fall back to shorter ones. */
  probability(word: string, context: readonly string[]): number {
    const seen = context.length === 0 ? this.#single : this.#contexts.get(context.join(' '));
    const shorter = context.length === 0 ? 1 / this.#single.followers.size : this.probability(word, context.slice(1));
    if (!seen) return shorter;
    const kinds = seen.followers.size;
    return ((seen.followers.get(word) ?? 0) + kinds * shorter) / (seen.total + kinds);
  }

  /** The model in the ARPA text format: log10 probabilities, n-grams in blocks, back-off weights behind the shorter ones. */
  toArpa(): string {
    const vocabulary = [START, ...[...this.#single.followers.keys()].sort()];
    const contexts = [...this.#contexts].sort(([a], [b]) => (a < b ? -1 : 1));
    const bigrams = contexts.filter(([name]) => !name.includes(' ')).flatMap((entry) => this.#lines(entry, true));
    const trigrams = contexts.filter(([name]) => name.includes(' ')).flatMap((entry) => this.#lines(entry, false));
    const unigrams = vocabulary.map((word) => {
      const logProbability = word === START ? NEVER : Math.log10(this.probability(word, []));
      return `${logProbability.toFixed(4)}\t${word}${this.#backOff(word)}`;
    });
    const blocks = [unigrams, bigrams, trigrams];
    return [
      '\\data\\',
      ...blocks.map((block, index) => `ngram ${index + 1}=${block.length}`),
      ...blocks.flatMap((block, index) => ['', `\\${index + 1}-grams:`, ...block]),
      '',
      '\\end\\',
      '',
    ].join('\n');
  }

  #count(tokens: readonly string[]): void {
    tokens.forEach((word, at) => {
      if (at === 0) return;
      add(this.#single, word);
      add(this.#context(tokens.slice(at - 1, at).join(' ')), word);
      if (at >= 2) add(this.#context(tokens.slice(at - 2, at).join(' ')), word);
    });
  }

  #context(name: string): Context {
    const known = this.#contexts.get(name);
    if (known) return known;
    const fresh: Context = { followers: new Map(), total: 0 };
    this.#contexts.set(name, fresh);
    return fresh;
  }

  #lines([name, { followers }]: [string, Context], withBackOff: boolean): string[] {
    const context = name.split(' ');
    return [...followers.keys()].sort().map((word) => {
      const logProbability = Math.log10(this.probability(word, context));
      return `${logProbability.toFixed(4)}\t${name} ${word}${withBackOff ? this.#backOff(`${name} ${word}`) : ''}`;
    });
  }

  #backOff(name: string): string {
    const context = this.#contexts.get(name);
    if (!context) return '';
    return `\t${Math.log10(context.followers.size / (context.total + context.followers.size)).toFixed(4)}`;
  }
}

function add(context: Context, word: string): void {
  context.followers.set(word, (context.followers.get(word) ?? 0) + 1);
  context.total += 1;
}
