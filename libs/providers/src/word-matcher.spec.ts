import type { VocabularyTerm } from '@carillon/contracts';
import { WordMatcher } from './word-matcher.js';

/** Each word takes 100 ms. */
function marked(text: string, told: readonly string[], vocabulary: readonly VocabularyTerm[] = []): string[] {
  const matcher = new WordMatcher({ text, vocabulary });
  const marks = told.flatMap((word, index) => matcher.take({ text: word, beginMs: index * 100, endMs: (index + 1) * 100 }));
  return [...marks, ...matcher.end()].map(
    ({ offset, length, beginMs, endMs }) => `${text.slice(offset, offset + length)}@${offset}: ${beginMs}-${endMs}`,
  );
}

const term = (written: string, say: string): VocabularyTerm => ({ term: written, say });

describe('the words that a service tells of', () => {
  it('are found in the text, each after the one before', () => {
    expect(marked('To be, or not to be?', ['To', 'be', ',', 'or', 'not', 'to', 'be', '?'])).toEqual([
      'To@0: 0-100',
      'be@3: 100-200',
      ',@5: 200-300',
      'or@7: 300-400',
      'not@10: 400-500',
      'to@14: 500-600',
      'be@17: 600-700',
      '?@19: 700-800',
    ]);
  });

  it('are whole words: "to" is none of "tomorrow"', () => {
    expect(marked('From tomorrow on to May', ['From', 'to', 'May'])).toEqual(['From@0: 0-100', 'to@17: 100-200', 'May@20: 200-300']);
  });

  it.each([['AT&amp;T'], ['AT&T']])('may be told as they stand in the markup: %s', (told) => {
    expect(marked("It's <b> AT&T", ["It's", told])).toEqual(["It's@0: 0-100", 'AT&T@9: 100-200']);
  });

  it('may be told as nobody wrote them, and the next ones are found all the same', () => {
    expect(marked('It is $1,200 in all', ['It', 'is', 'one', 'thousand', 'dollars', 'in', 'all'])).toEqual([
      'It@0: 0-100',
      'is@3: 100-200',
      'in@13: 500-600',
      'all@16: 600-700',
    ]);
  });

  it('are not looked for at the other end of the text', () => {
    const text = 'Yes, we have been here for more than forty years now, and one day more.';
    expect(marked(text, ['Yes', 'one', 'we', 'have'])).toEqual(['Yes@0: 0-100', 'we@5: 200-300', 'have@8: 300-400']);
  });

  it('are those of a pronunciation, where a term has one: together they are the term', () => {
    const vocabulary = [term('Nguyen', 'win'), term('SAP', 'ess ay pee')];
    expect(
      marked('Mr Nguyen, a man of SAP a while ago', ['Mr', 'win', 'a', 'man', 'of', 'ess', 'ay', 'pee', 'a', 'while'], vocabulary),
    ).toEqual([
      'Mr@0: 0-100',
      'Nguyen@3: 100-200',
      'a@11: 200-300',
      'man@13: 300-400',
      'of@17: 400-500',
      'SAP@20: 500-800',
      'a@24: 800-900',
      'while@26: 900-1000',
    ]);
    expect(marked('This is SAP', ['This', 'is', 'ess', 'ay', 'pee'], vocabulary).at(-1)).toBe('SAP@8: 200-500');
  });

  it('may be the term itself, where the service tells that', () => {
    expect(marked('Mr Nguyen is in', ['Mr', 'Nguyen', 'is', 'in'], [term('Nguyen', 'win')])).toEqual([
      'Mr@0: 0-100',
      'is@10: 200-300',
      'in@13: 300-400',
    ]);
  });

  it('are found in a script without spaces', () => {
    expect(marked('您好，请问您贵姓？', ['您好', '，', '请问', '您', '贵姓', '？'])).toEqual([
      '您好@0: 0-100',
      '，@2: 100-200',
      '请问@3: 200-300',
      '您@5: 300-400',
      '贵姓@6: 400-500',
      '？@8: 500-600',
    ]);
  });
});
