import { quietestFrame } from './quietest-frame.js';

/** Frames of four samples at these levels, cut into pieces wherever a piece may end. */
function voice(levels: readonly number[], pieceSamples: number): Int16Array[] {
  const all = Int16Array.from(levels.flatMap((level) => [level, -level, level, -level]));
  const pieces: Int16Array[] = [];
  for (let at = 0; at < all.length; at += pieceSamples) pieces.push(all.subarray(at, at + pieceSamples));
  return pieces;
}

describe('the quietest frame', () => {
  it.each([1, 3, 4, 7, 100])('is found wherever pieces of %d samples end', (pieceSamples) => {
    const pieces = voice([9, 900, 800, 30, 700, 900, 5], pieceSamples);
    expect(quietestFrame(pieces, 4, { from: 1, to: 5, near: 5 })).toBe(3);
  });

  it('is the nearest of equals, and one within the bounds', () => {
    const even = voice([500, 500, 500, 500, 500, 500], 8);
    expect(quietestFrame(even, 4, { from: 0, to: 5, near: 3 })).toBe(3);
    expect(quietestFrame(even, 4, { from: 1, to: 2, near: 5 })).toBe(2);
  });
});
