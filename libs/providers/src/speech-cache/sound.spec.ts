import { decodeSound, encodeSound, type Sound } from './sound.js';

const WORDS = [
  { offset: 0, length: 3, beginMs: 0, endMs: 120.5 },
  { offset: 4, length: 3, beginMs: 130, endMs: 300 },
];
const sound = (words: Sound['words']): Sound => ({ pcm: Int16Array.of(1, -2, 32_767), words });
const decoded = (bytes: Uint8Array) => decodeSound(Buffer.from(bytes));

describe('a sound as a file', () => {
  it.each([[[]], [WORDS], [WORDS.slice(0, 1)], [WORDS.slice(1)]])('comes back as it was: %j', (words) => {
    expect(decoded(encodeSound(sound(words)))).toEqual(sound(words));
  });

  it('that was cut short anywhere is none, nor is one that something was added to', () => {
    for (const words of [WORDS, []]) {
      const whole = encodeSound(sound(words));
      for (let length = 0; length < whole.length; length++) expect(decoded(whole.subarray(0, length))).toBeUndefined();
      expect(decoded(Buffer.concat([whole, Uint8Array.of(0, 0)]))).toBeUndefined();
    }
  });

  it.each([
    ['of zeros', Buffer.alloc(3_200)],
    ['of samples alone', Buffer.from(Int16Array.from({ length: 800 }, (_, at) => 1_000 - at).buffer)],
    ['whose words are none', Buffer.concat([Uint8Array.of(4, 0, 0, 0, 2, 0, 0, 0), Buffer.from('[{}]'), Uint8Array.of(1, 0)])],
    ['without a sample', encodeSound({ pcm: new Int16Array(), words: WORDS })],
  ])('is no file %s', (_, bytes) => {
    expect(decoded(bytes)).toBeUndefined();
  });
});
