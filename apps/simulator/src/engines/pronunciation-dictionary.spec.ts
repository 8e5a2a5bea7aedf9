import { cutDictionary } from './pronunciation-dictionary.js';

const CMUDICT = ['sara S EH R AH', 'sarah S EH R AH', 'the DH AH', 'the(2) DH IY', 'zebra Z IY B R AH'].join('\n');

/** Stands in for Flite's lexicon. */
const SPOKEN: Readonly<Record<string, string>> = { sarah: 's eh1 r ax0', the: 'dh ax0', zyb: 'z ay1 b', hush: 'pau' };
const spokenPhones = (word: string) => (SPOKEN[word] ?? '').split(' ').filter((phone) => phone !== '');

describe('pronunciation dictionary', () => {
  it('holds the wanted words only, with all their variants', () => {
    expect(cutDictionary(CMUDICT, ['the'], spokenPhones)).toBe('the DH AH\nthe(2) DH IY\n');
  });

  it('adds how the voice says a word, unless it is listed already', () => {
    expect(cutDictionary(CMUDICT, ['sarah', 'zebra'], spokenPhones)).toBe('sarah S EH R AH\nzebra Z IY B R AH\n');
    expect(cutDictionary('sarah S AA R AH', ['sarah'], spokenPhones)).toBe('sarah S AA R AH\nsarah(2) S EH R AH\n');
  });

  it('takes a word that is not listed from the letter-to-sound rules', () => {
    expect(cutDictionary(CMUDICT, ['zyb'], spokenPhones)).toBe('zyb Z AY B\n');
  });

  it('refuses a word that it cannot pronounce', () => {
    expect(() => cutDictionary(CMUDICT, ['hush'], spokenPhones)).toThrow('no pronunciation');
  });
});
