/** The wire counts in ticks of 100 ns; audio is 16 kHz. */
export const TICKS_PER_SAMPLE = 625;

const ASKING = /^(who|what|when|where|why|which|whose|how|is|are|am|was|were|do|does|did|can|could|will|would|shall|should|may|have|has)\b/;

/** What was recognised, as it is shown: a sentence with its capitals and mark. Numbers stay words. */
export function displayText(lexical: string): string {
  const text = lexical.replace(/\bi\b/g, 'I').trim();
  const [first = '', ...rest] = text;
  const mark = text === '' || /[.?!]$/.test(text) ? '' : ASKING.test(text) ? '?' : '.';
  return first.toUpperCase() + rest.join('') + mark;
}

export interface TimedWord {
  Word: string;
  Offset: number;
  Duration: number;
}

/** Words spread over the utterance by their length: an estimate, since the recogniser tells no times. */
export function timedWords(lexical: string, begin: number, end: number): TimedWord[] {
  const words = lexical.split(' ').filter((word) => word !== '');
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  let at = begin;
  return words.map((word) => {
    const length = ((end - begin) * word.length) / letters;
    const timed = { Word: word, Offset: Math.round(at * TICKS_PER_SAMPLE), Duration: Math.round(length * TICKS_PER_SAMPLE) };
    at += length;
    return timed;
  });
}
