import fc from 'fast-check';
import type { WordMark } from '../ports.js';
import { heardText } from '../text/heard-text.js';
import { shareSaid, wordStart, type SpokenText } from './spoken-words.js';

/** A text with the times of its words: "word@begin-end". */
function spoken(text: string, times: Record<string, [beginMs: number, endMs: number]>, endMs: number): SpokenText {
  let from = 0;
  const words = Object.entries(times).map(([word, [begin, end]]): WordMark => {
    const offset = text.indexOf(word, from);
    from = offset + word.length;
    return { offset, length: word.length, beginMs: begin, endMs: end };
  });
  return { text, words, beginMs: 0, endMs };
}

const heard = (text: SpokenText, atMs: number) => heardText(text.text, shareSaid(text, atMs));

describe('where a voice is in its text', () => {
  // "congratulations" takes no longer than "on": a share of the characters would be far off
  const uneven = spoken(
    'A congratulation, on you.',
    { A: [0, 500], congratulation: [600, 1_100], on: [1_500, 2_000], you: [2_000, 2_400] },
    2_500,
  );

  it.each([
    [0, ''],
    [499, ''],
    [500, 'A'],
    [1_099, 'A'],
    [1_100, 'A congratulation,'],
    [1_999, 'A congratulation,'],
    [2_000, 'A congratulation, on'],
    [2_400, 'A congratulation, on you.'],
  ])('has said its words by %d ms', (atMs, text) => {
    expect(heard(uneven, atMs)).toBe(text);
  });

  it.each([
    [300, 0],
    [1_099, 600],
    [1_300, 1_300], // in the pause behind the comma nothing was cut
    [1_501, 1_500],
    [2_399, 2_000],
  ])('is stopped at %d ms and goes on from %d', (atMs, fromMs) => {
    expect(wordStart(uneven, atMs)).toEqual({ atMs: fromMs, guess: null });
  });

  it('spreads words that nobody told of between those that it knows', () => {
    const gap = spoken('Ask Doctor Wu Han now', { Ask: [0, 400], now: [2_000, 2_300] }, 2_300);
    expect(heard(gap, 1_200)).toBe('Ask Doctor'); // the half of "Doctor Wu Han"
    expect(wordStart(gap, 1_300)).toEqual({ atMs: 400 + (6 / 14) * 1_600, guess: { fromMs: 400 } });
  });

  it('knows words of a script without spaces', () => {
    const chinese = spoken('您好，请问您贵姓', { 您好: [0, 900], 请问: [1_000, 1_200], 您: [1_200, 1_300], 贵姓: [1_300, 1_800] }, 1_900);
    expect(heard(chinese, 1_100)).toBe('您好，');
    expect(heard(chinese, 1_500)).toBe('您好，请问您');
  });

  it('goes by the number of characters where nothing is known', () => {
    const unknown = { text: 'one two three four .', words: [], beginMs: 0, endMs: 1_000 };
    expect(shareSaid(unknown, 500)).toBe(0.5);
    expect(wordStart(unknown, 500)).toEqual({ atMs: 350, guess: { fromMs: 0 } });
  });

  it('says what was not said again, and claims nothing that was cut, wherever it is stopped', () => {
    const lengths = fc.array(fc.record({ letters: fc.integer({ min: 1, max: 12 }), ms: fc.integer({ min: 20, max: 900 }) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(lengths, fc.double({ min: 0, max: 1, noNaN: true }), (words, share) => {
        let offset = 0;
        let atMs = 0;
        const marks = words.map(({ letters, ms }): WordMark => {
          const mark = { offset, length: letters, beginMs: atMs, endMs: atMs + ms };
          offset += letters + 1;
          atMs += ms;
          return mark;
        });
        const text = words.map(({ letters }) => 'x'.repeat(letters)).join(' ');
        const stoppedAt = share * atMs;
        const said = heard({ text, words: marks, beginMs: 0, endMs: atMs }, stoppedAt);
        const from = wordStart({ text, words: marks, beginMs: 0, endMs: atMs }, stoppedAt).atMs;
        expect(from).toBeLessThanOrEqual(stoppedAt);
        // what is said again begins where what counts as heard ends
        expect(marks.filter(({ endMs }) => endMs <= from).length).toBe(said === '' ? 0 : said.split(' ').length);
      }),
    );
  });
});
