import { displayText, timedWords } from './transcript-text.js';

describe('showing what was recognised', () => {
  it('writes a sentence and leaves numbers as words', () => {
    expect(displayText('it is twelve seventy four maple street')).toBe('It is twelve seventy four maple street.');
    expect(displayText("no i think i'm fine")).toBe("No I think I'm fine.");
    expect(displayText('who is calling')).toBe('Who is calling?');
    expect(displayText('and you?')).toBe('And you?');
    expect(displayText('')).toBe('');
  });

  it('spreads the words over the time they took', () => {
    expect(timedWords('no way', 16_000, 32_000)).toEqual([
      { Word: 'no', Offset: 10_000_000, Duration: 4_000_000 },
      { Word: 'way', Offset: 14_000_000, Duration: 6_000_000 },
    ]);
  });
});
