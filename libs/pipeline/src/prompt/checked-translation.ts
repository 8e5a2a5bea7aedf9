import { baseLanguage } from '@carillon/contracts';
import { usualScript } from './line-book.js';
import type { TextsToTranslate } from './texts-to-translate.js';

/** Why a translation cannot be used. */
export type TranslationFault =
  'no_json' | 'text_missing' | 'placeholders' | 'numbers' | 'length' | 'other_script' | 'not_translated' | 'too_long' | 'too_late';

/** What the model wrote is not said to anybody. `text` names the one that was wrong. */
export class TranslationRefused extends Error {
  constructor(
    readonly fault: TranslationFault,
    readonly text?: string,
  ) {
    super('The translation cannot be used');
    this.name = 'TranslationRefused';
  }
}

/** Signs of one language may stand for a word or two of another: Chinese takes a third of the letters, a short line in Tamil three times as many. */
const SHORTEST_SHARE = 0.15;
const LONGEST_SHARE = 3;
const LONGEST_MARGIN = 40;

/** The scripts of a language where it has several, or where its name is that of their mixture. */
const MIXED_SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  Jpan: ['Han', 'Hiragana', 'Katakana'],
  Kore: ['Hangul'],
  ...{ Hans: ['Han'], Hant: ['Han'] },
};

/** The texts as they are said, from the model's answer. Throws a TranslationRefused with the first thing that is wrong. */
export function checkedTranslation(wanted: TextsToTranslate, answer: string): Record<string, string> {
  const written = objectIn(answer);
  return Object.fromEntries(
    Object.entries(wanted.texts).map(([name, source]) => {
      const text = written[name];
      if (typeof text !== 'string' || text.trim() === '') throw new TranslationRefused('text_missing', name);
      const translation = text.replaceAll(/[\s\p{Cc}\p{Surrogate}]+/gu, ' ').trim();
      const fault = faultIn(wanted, source, translation);
      if (fault !== null) throw new TranslationRefused(fault, name);
      return [name, translation];
    }),
  );
}

/** Models like to put JSON between marks. */
function objectIn(answer: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // said below
  }
  throw new TranslationRefused('no_json');
}

function faultIn({ by, from, to }: TextsToTranslate, source: string, translation: string): TranslationFault | null {
  if (!sameList(placeholdersIn(source), placeholdersIn(translation))) return 'placeholders';
  // A key is named in our lines. Times and amounts of an operator may be said in other ways, but not phone numbers and the like.
  if (!keepsNumbers(source, translation, by === 'engine' ? 1 : 3)) return 'numbers';
  if (translation.length < source.length * SHORTEST_SHARE) return 'length';
  if (translation.length > source.length * LONGEST_SHARE + LONGEST_MARGIN) return 'length';
  if (wordsIn(source).length === 0) return null;
  if (!isInScriptOf(to, translation)) return 'other_script';
  return baseLanguage(from) !== baseLanguage(to) && isStill(source, translation, by) ? 'not_translated' : null;
}

/** A brace alone counts as one: it would be read out. */
function placeholdersIn(text: string): string[] {
  return (text.match(/\{[^{}]*\}|[{}]/g) ?? []).toSorted();
}

function sameList(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each, at) => each === others[at]);
}

function keepsNumbers(source: string, translation: string, shortest: number): boolean {
  const kept = numbersIn(translation);
  return numbersIn(source).every((number) => number.length < shortest || kept.includes(number));
}

/** Also in the digits of other scripts. */
function numbersIn(text: string): string[] {
  return (
    withoutPlaceholders(text)
      .replaceAll(/\p{Nd}/gu, (digit) => String(valueOf(digit)))
      .match(/[0-9]+/g) ?? []
  );
}

/** The digits of a script stand in a row, from its zero on. */
function valueOf(digit: string): number {
  let value = 0;
  const code = digit.codePointAt(0) ?? 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value;
}

function isInScriptOf(language: string, translation: string): boolean {
  const script = new Intl.Locale(language).script ?? usualScript(language);
  if (script === undefined) return true;
  const names = MIXED_SCRIPTS[script] ?? [script];
  const inScript = patternOf(names);
  return inScript === null || inScript.test(withoutPlaceholders(translation));
}

/** Null: names of scripts come with the languages of a campaign, and not each of them is one of Unicode's (Aran, the Nastaliq of Urdu). */
function patternOf(scripts: readonly string[]): RegExp | null {
  try {
    return new RegExp(scripts.map((name) => `\\p{Script=${name}}`).join('|'), 'u');
  } catch {
    return null;
  }
}

/** Our lines hold no names, so that hardly a word stays what it was. An operator's text may: it only must not be the same as before. */
function isStill(source: string, translation: string, by: TextsToTranslate['by']): boolean {
  const [before, after] = [wordsIn(source), wordsIn(translation)];
  if (by === 'operator') return before.join(' ') === after.join(' ');
  const known = new Set(before);
  return after.filter((word) => known.has(word)).length > after.length / 2;
}

function wordsIn(text: string): string[] {
  return (
    withoutPlaceholders(text)
      .toLowerCase()
      .match(/[\p{L}\p{M}]+/gu) ?? []
  );
}

const withoutPlaceholders = (text: string): string => text.replaceAll(/\{[^{}]*\}/g, ' ');
