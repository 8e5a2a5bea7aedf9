import { baseLanguage } from '@carillon/contracts';

/** What is said in languages that have no texts of their own in the engine, as far as it is translated by now. */
export interface LineBook {
  /**
   * The text in a language, as `lineLanguage` names it. Looks into memory only: it is asked when a call begins. `tenantId`: whose operator wrote it, null
   * for the engine's own texts; nobody says what another tenant's text was made into.
   */
  find(language: string, text: string, tenantId: string | null): string | undefined;
}

/** Nothing is translated. */
export const BUILT_IN_ONLY: LineBook = { find: () => undefined };

/** Dialects that are written, or spoken, so differently that they have texts of their own. */
const DIALECTS: readonly (readonly [RegExp, string])[] = [
  [/^(zh-(Hant-)?(HK|MO)|yue)\b/, 'zh-HK'],
  [/^zh-(Hant-)?TW\b/, 'zh-TW'],
  [/^pt-BR\b/, 'pt-BR'],
  [/^pt\b/, 'pt-PT'],
];
const SCRIPT = /^[a-z]+-([A-Z][a-z]{3})\b/;

/** The name under which texts in the language of a call are kept: `de` for de-AT as for de-DE, `pt-BR`, `sr-Latn`. */
export function lineLanguage(code: string): string {
  const dialect = DIALECTS.find(([pattern]) => pattern.test(code));
  if (dialect) return dialect[1];
  const language = baseLanguage(code);
  const script = SCRIPT.exec(code)?.[1];
  return script === undefined || script === usualScript(language) ? language : `${language}-${script}`;
}

/** In which the language is written where nothing else is said. */
export function usualScript(language: string): string | undefined {
  return new Intl.Locale(language).maximize().script;
}

/** From the language of a campaign into that of a call. */
interface OperatorsWay {
  tenantId: string;
  from: string;
  to: string;
}

/** What the operator wrote in the language of the campaign, in that of the call; as it was written where nobody has translated it yet. */
export function operatorText(text: string, whose: OperatorsWay, book: LineBook): string;
export function operatorText(text: string | null, whose: OperatorsWay, book: LineBook): string | null;
export function operatorText(text: string | null, { tenantId, from, to }: OperatorsWay, book: LineBook): string | null {
  const language = lineLanguage(to);
  if (text === null || lineLanguage(from) === language) return text;
  return book.find(language, text, tenantId) ?? text;
}
