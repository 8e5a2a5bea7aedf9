/** Flite's phones that the acoustic model does not have, and what stands in for them. */
const PHONE_NAMES: Readonly<Record<string, string>> = { ax: 'AH', axr: 'ER' };

const SPHINX_PHONES = new Set(
  ('AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY ' + 'P R S SH T TH UH UW V W Y Z ZH').split(' '),
);

/**
 * The lines of CMUdict for exactly these words, each with the pronunciations that Flite would speak as further variants.
 * Words outside CMUdict have Flite's alone: its letter-to-sound rules know an answer for every word.
 * Throws when a word has none at all, because the decoder would drop it from the model in silence.
 */
export function cutDictionary(cmudict: string, words: readonly string[], spokenPhones: (word: string) => string[]): string {
  const listed = pronunciationsIn(cmudict, new Set(words));
  const lines: string[] = [];
  for (const word of words) {
    const variants = new Set([...(listed.get(word) ?? []), sphinxPhones(spokenPhones(word))]);
    variants.delete('');
    if (variants.size === 0) throw new Error('a word of the language model has no pronunciation');
    [...variants].forEach((phones, index) => lines.push(`${index === 0 ? word : `${word}(${index + 1})`} ${phones}`));
  }
  return `${lines.join('\n')}\n`;
}

/** Lines read `word PH ON ES`, further variants `word(2) PH ON ES`. */
function pronunciationsIn(cmudict: string, wanted: ReadonlySet<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of cmudict.split('\n')) {
    const space = line.indexOf(' ');
    if (space < 0) continue;
    const word = line.slice(0, space).replace(/\(\d+\)$/, '');
    if (!wanted.has(word)) continue;
    found.set(word, [...(found.get(word) ?? []), line.slice(space + 1).trim()]);
  }
  return found;
}

/** `s ae1 r ax0` → `S AE R AH`; empty when a phone is unknown to the acoustic model. */
function sphinxPhones(flitePhones: readonly string[]): string {
  const phones = flitePhones.map((phone) => phone.replace(/\d$/, '')).map((phone) => PHONE_NAMES[phone] ?? phone.toUpperCase());
  return phones.every((phone) => SPHINX_PHONES.has(phone)) ? phones.join(' ') : '';
}
