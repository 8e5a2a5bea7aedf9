import fc from 'fast-check';
import { heardText } from './heard-text.js';

describe('the heard part of a text', () => {
  it.each<[string, number, string]>([
    ['I would like to ask', 1, 'I would like to ask'],
    ['I would like to ask', 0.5, 'I would'],
    ['I would like to ask', 0.99, 'I would like to'],
    ['I would like to ask', 0, ''],
    ['Certainly', 0.9, ''],
    ['请问您贵姓', 0.5, '请问'],
    ['say 你好 now', 0.5, 'say 你'],
  ])('%j by %d is %j', (text, share, heard) => {
    expect(heardText(text, share)).toBe(heard);
  });

  it('is always a beginning of the text, and ends with a whole word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/)), fc.double({ min: -1, max: 2, noNaN: true }), (words, share) => {
        const heard = heardText(words.join(' '), share);
        expect(words.join(' ').startsWith(heard)).toBe(true);
        expect(words).toEqual(expect.arrayContaining(heard === '' ? [] : heard.split(' ')));
      }),
    );
  });
});
