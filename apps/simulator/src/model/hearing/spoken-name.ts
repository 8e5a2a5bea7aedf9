import { numberRuns } from './spoken-number.js';
import { titleCase, withoutLeadIns, withoutStutter } from './words.js';

/** What stands between lead-ins and a name or place. */
const INTRODUCTIONS =
  /^(?:i am|i'm|this is|they call me|call me|you can call me|you are (?:speaking|talking) (?:to|with)|speaking to|with|i live in|i am from|in|from|is|mister|mr|mrs|miss|ms|doctor|dr)(?: |$)/;
const TAILS = /(?: |^)(?:speaking|here|is my (?:full |first |last |family )?name|is the name)$/;

/** Words that no name and no place has. */
const NOT_IN_NAMES = new Set(
  (
    'i you he she we they it me us him her them my your our is am are was were be do does did not no yes yeah what who when where why how which the a an and or ' +
    'but if to of for with that this there here know say said again sorry pardon please hello hi okay can could would will have has had want need call calling ' +
    'number wrong name address time moment wait hold go on about dot at'
  ).split(' '),
);

/** Names and places have no more words than this. */
const MAX_WORDS = 4;

/** A name of a person or a place in title case; null when the words cannot be one. */
export function spokenName(plain: string): string | null {
  let rest = plain;
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = withoutLeadIns(rest).replace(INTRODUCTIONS, '').replace(TAILS, '');
  }
  const words = withoutStutter(rest.split(' ').filter((word) => word !== ''));
  if (words.length === 0 || words.length > MAX_WORDS || numberRuns(words).length > 0) return null;
  if (words.some((word) => NOT_IN_NAMES.has(word) || !/^[\p{L}']+$/u.test(word))) return null;
  return titleCase(words);
}
