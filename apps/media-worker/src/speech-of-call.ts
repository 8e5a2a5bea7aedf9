import type { CallContext } from '@carillon/contracts';
import { BUILT_IN_ONLY, createCallPlan, isLanguageColumn, linesToSpeak, voiceOf, type LineBook, type TtsRequest } from '@carillon/pipeline';

/** What a call is sure, or likely, to say in the engine's own words, as synthesis is asked for it. */
export interface SpeechOfCall {
  /** The same for everybody. */
  forEverybody: TtsRequest[];
  /** Concerns this person, or nobody knows whom: it must not outlive the process. */
  forPerson: TtsRequest[];
}

export function speechOfCall(
  context: CallContext,
  now: Date,
  book: LineBook = BUILT_IN_ONLY,
  sampleRate: TtsRequest['sampleRate'] = 16_000,
): SpeechOfCall {
  const plan = createCallPlan(context, now, book);
  const { lines, machines } = plan;
  const sound = { ...voiceOf(plan, {}), sampleRate };
  const requestOf = (text: string): TtsRequest => ({ ...sound, text });
  const forEverybody: TtsRequest[] = [];
  const forPerson: TtsRequest[] = [];
  const isOurs = new Set(linesToSpeak({ ...lines, legalNotice: undefined, greeting: '' }));
  const mentionsPerson = mentions(wordsOfPerson(context));
  // Notice and greeting hold words of others: in a call that belongs to no campaign nobody knows whom they concern.
  const isPersonal = (text: string): boolean => !isOurs.has(text) && (context.campaignId === null || mentionsPerson(text));
  for (const text of linesToSpeak(lines)) (isPersonal(text) ? forPerson : forEverybody).push(requestOf(text));
  const message = machines?.message;
  // Each worker that hears of the call would render one of this person alone, and few of them ever say it: it has the time until the beep.
  if (message && !isPersonal(message)) forEverybody.push(requestOf(message));
  return { forEverybody, forPerson };
}

/** The call as it would be had the contact been called in this language. */
export function callInLanguage(context: CallContext, language: string): CallContext {
  const others = Object.entries(context.variables).filter(([name]) => !isLanguageColumn(name));
  return { ...context, variables: { ...Object.fromEntries(others), language } };
}

/** The row of the contact, and what was collected. "en" and "de" stand in many words and tell of nobody. */
function wordsOfPerson({ variables, claim, phoneE164 }: CallContext): string[] {
  const row = Object.entries(variables).filter(([name]) => !isLanguageColumn(name));
  return [phoneE164, ...row.map(([, value]) => value), ...Object.values(claim).map(String)];
}

function mentions(words: readonly string[]): (text: string) => boolean {
  const telling = words.map((word) => word.trim().toLowerCase()).filter((word) => word !== '');
  return (text) => telling.some((word) => (/^[a-z0-9]$/.test(word) ? hasAlone(text, word) : text.toLowerCase().includes(word)));
}

/** One Latin letter stands in nearly every word; one sign of other scripts may be a name. */
function hasAlone(text: string, letter: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}])${letter}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}
