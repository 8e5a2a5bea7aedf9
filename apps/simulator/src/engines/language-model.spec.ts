import { TrigramModel, wordsOf } from './language-model.js';

describe('words of a sentence', () => {
  it('are lower case, without punctuation or accents, and keep their inner apostrophes', () => {
    expect(wordsOf("Yes, it's José O’Neill - twenty-one.")).toEqual(['yes', "it's", 'jose', "o'neill", 'twenty', 'one']);
  });

  it('may not be digits, because nobody could say how they are spoken', () => {
    expect(() => wordsOf('room 12')).toThrow('write numbers as words');
  });
});

describe('trigram model', () => {
  /** a b, a c, a b: the words a (3), b (2), c (1) and the end (3), 9 in all, of 4 kinds. */
  const model = new TrigramModel([
    ['a', 'b'],
    ['a', 'c'],
    ['a', 'b'],
  ]);

  it('gives single words their share, smoothed towards all alike', () => {
    expect(model.probability('a', [])).toBeCloseTo((3 + 4 / 4) / (9 + 4));
    expect(model.probability('c', [])).toBeCloseTo((1 + 4 / 4) / (9 + 4));
  });

  it('mixes what followed a word with what is frequent anywhere', () => {
    // after a: b twice, c once, so 2 kinds in 3; P(b) = 3/13
    expect(model.probability('b', ['a'])).toBeCloseTo((2 + 2 * (3 / 13)) / (3 + 2));
    // never seen after a: only the back-off weight 2/5 times P(a) = 4/13
    expect(model.probability('a', ['a'])).toBeCloseTo((2 / 5) * (4 / 13));
  });

  it('falls back to the shorter context when it never saw the longer', () => {
    expect(model.probability('b', ['c', 'a'])).toBe(model.probability('b', ['a']));
  });

  it.each([[[]], [['a']], [['<s>', 'a']], [['a', 'b']], [['never', 'seen']]])('shares out exactly 1 after %j', (context) => {
    const total = ['a', 'b', 'c', '</s>'].reduce((sum, word) => sum + model.probability(word, context), 0);
    expect(total).toBeCloseTo(1, 10);
  });

  it('writes ARPA text whose back-off weights give the same probabilities', () => {
    const arpa = model.toArpa();
    expect(arpa).toContain('ngram 1=5\nngram 2=5\nngram 3=4\n');
    expect(arpa).toContain(`\n${Math.log10((2 + 2 * (3 / 13)) / 5).toFixed(4)}\ta b\t`); // P(b | a)
    expect(arpa).toContain(`\n${Math.log10(4 / 13).toFixed(4)}\ta\t${Math.log10(2 / 5).toFixed(4)}\n`); // P(a), back-off after a
    expect(arpa.startsWith('\\data\\\n')).toBe(true);
    expect(arpa.trimEnd().endsWith('\\end\\')).toBe(true);
  });
});
