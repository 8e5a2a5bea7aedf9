import { splitPhrases } from './split-phrases.js';

const whole = (text: string, first = true) => splitPhrases(text, { first, complete: true }).phrases;

describe('a text is cut into phrases', () => {
  it.each<[string, string[]]>([
    ['Well, of course. I can do that!', ['Well, of course.', 'I can do that!']],
    ['That is a good question, and I will ask. Soon.', ['That is a good question,', 'and I will ask.', 'Soon.']],
    ['It costs 3.50 euros. Is that fine?', ['It costs 3.50 euros.', 'Is that fine?']],
    ['Dr. Smith and Mrs. J. Doe live in St. Ives. Yes.', ['Dr. Smith and Mrs. J. Doe live in St. Ives.', 'Yes.']],
    ['We meet at 10:30, or at 1,000 places, e.g. here.', ['We meet at 10:30,', 'or at 1,000 places, e.g. here.']],
    ['See example.com for it. "Really?" she said.', ['See example.com for it.', '"Really?"', 'she said.']],
    ['**Bold** and `code`.\n- one\n- [two](http://x.y)', ['Bold and code.', 'one', 'two']],
    ['好的，没问题。请问您贵姓？', ['好的，没问题。', '请问您贵姓？']],
    ['我们明天下午见，可以吗？', ['我们明天下午见，', '可以吗？']],
    ['नमस्ते। आप कैसे हैं?', ['नमस्ते।', 'आप कैसे हैं?']],
    ['... !!! 👍', []],
    ['', []],
  ])('%j', (text, phrases) => {
    expect(whole(text)).toEqual(phrases);
  });

  it('a mark at the end of what is there so far is not trusted yet', () => {
    expect(splitPhrases('It costs 3.', { first: true, complete: false })).toEqual({ phrases: [], rest: 'It costs 3.' });
    expect(splitPhrases('It costs much. ', { first: true, complete: false }).phrases).toEqual(['It costs much.']);
  });

  it('only the first phrase may be a clause', () => {
    expect(whole('That is a good question, and I will ask.', false)).toEqual(['That is a good question, and I will ask.']);
  });

  it('a sentence without end is cut at its clauses', () => {
    const clause = 'and so it goes on and on with words, ';
    const phrases = whole(clause.repeat(12), false);
    expect(phrases.length).toBeGreaterThan(1);
    expect(phrases.join(' ')).toBe(clause.repeat(12).trim());
  });

  it('in a script without spaces a sentence is long after some forty characters: its clauses are spoken as they come', () => {
    const clause = '我们会在明天上午给您打电话确认，'; // 16 characters
    const text = `${clause.repeat(9)}好吗？`;
    const phrases = whole(text, false);
    expect(phrases.map(({ length }) => length)).toEqual([48, 48, 48, 3]);
    expect(phrases.join('')).toBe(text);
    const first = splitPhrases(clause.repeat(3), { first: false, complete: false });
    expect(first).toEqual({ phrases: [clause.repeat(3)], rest: '' }); // before the sentence is there
    expect(whole(clause.repeat(2), false)).toHaveLength(1);
  });

  it('a sentence with spaces is long after 180 characters only, whatever its commas', () => {
    const clause = 'and so it goes on and on with words, '; // 37 characters
    expect(whole(clause.repeat(5), false)).toEqual([clause.repeat(5).trim()]);
    expect(whole(clause.repeat(6), false).map(({ length }) => length)).toEqual([184, 36]);
  });

  it('however the text comes in, the phrases are the same', () => {
    const text = `Hello there, my friend. It is 3.50, Mr. Smith! 好的。 Bye (for now). ${'我们会给您打电话，'.repeat(9)}好吗？ `;
    for (let size = 1; size < 12; size += 1) {
      const phrases: string[] = [];
      let rest = '';
      for (let at = 0; at < text.length; at += size) {
        const split = splitPhrases(rest + text.slice(at, at + size), { first: phrases.length === 0, complete: false });
        phrases.push(...split.phrases);
        rest = split.rest;
      }
      phrases.push(...splitPhrases(rest, { first: phrases.length === 0, complete: true }).phrases);
      expect(phrases).toEqual(whole(text));
    }
  });
});
