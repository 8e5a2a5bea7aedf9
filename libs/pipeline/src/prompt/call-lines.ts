import { baseLanguage, type Disclosure, type Initiate } from '@carillon/contracts';
import type { CallLines } from '../turn/conversation-rules.js';
import { missingDisclosures } from './disclosures.js';
import { BUILT_IN_ONLY, operatorText, type LineBook } from './line-book.js';
import { lineTexts } from './line-texts.js';

export interface Opening {
  /** The conversation goes on in a new call. */
  resumed: boolean;
  /** What the policies want said. */
  disclosures: readonly Disclosure[];
  /** The operator's own words. */
  legalNotice: string | null;
  /** Whose operator wrote them. */
  tenantId: string;
}

/**
 * The engine's own lines in a language of the call, and the operator's notice, as far as the book has them translated; in English, and as it was written, where it has not.
 * What a policy wants said goes, after who calls, into the notice: it cannot be interrupted, and is said again where it was not heard. The greeting is then only the question.
 */
export function callLines(
  initiate: Pick<Initiate, 'bot_name' | 'bot_company' | 'lang'>,
  opening: Opening,
  languageCode: string,
  book: LineBook = BUILT_IN_ONLY,
): CallLines {
  const { introduction, question, introductionAgain, questionAgain, ai, opt_out, ...lines } = lineTexts(languageCode, book);
  const [who, asked] = opening.resumed ? [introductionAgain, questionAgain] : [introduction, question];
  const legalNotice = operatorText(
    opening.legalNotice,
    { tenantId: opening.tenantId, from: initiate.lang.default_short_code, to: languageCode },
    book,
  );
  const language = baseLanguage(languageCode);
  const missing = missingDisclosures(opening.disclosures, legalNotice, { company: initiate.bot_company, language });
  if (missing.length === 0) return { ...lines, greeting: fill(inARow([who, asked]), initiate), legalNotice: legalNotice ?? undefined };
  const demanded = missing.flatMap((what) => (what === 'identity' ? [] : { ai, opt_out }[what]));
  const own = legalNotice === null ? [] : [legalNotice];
  return { ...lines, greeting: fill(asked, initiate), legalNotice: inARow([fill(who, initiate), ...demanded, ...own]) };
}

/** Scripts with full stops of their own know no spaces after them. */
function inARow(sentences: readonly string[]): string {
  return sentences.reduce((before, sentence) => before + (/[。？！]$/.test(before) ? '' : ' ') + sentence);
}

function fill(text: string, { bot_name, bot_company }: Pick<Initiate, 'bot_name' | 'bot_company'>): string {
  return text.replaceAll('{bot}', () => bot_name).replaceAll('{company}', () => bot_company);
}
