import type { CallContext } from '@carillon/contracts';
import { createCallPlan, linesToSpeak, type TtsRequest } from '@carillon/pipeline';

/** What the dialer asks the carrier for; a call in another format is not prepared for, and only answers a little later. */
const SAMPLE_RATE = 16_000;

/** What a call is sure, or likely, to say in the engine's own words, as synthesis is asked for it. */
export interface SpeechOfCall {
  /** The same for everybody. */
  forEverybody: TtsRequest[];
  /** Concerns this person, or nobody knows whom: it must not outlive the process. */
  forPerson: TtsRequest[];
}

export function speechOfCall(context: CallContext, now: Date): SpeechOfCall {
  const { lines, machines, voice, language, style, rate } = createCallPlan(context, now);
  const requestOf = (text: string): TtsRequest => ({ text, voice, language, style, rate, sampleRate: SAMPLE_RATE });
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

/** The row of the contact, and what was collected. */
function wordsOfPerson({ variables, claim, phoneE164 }: CallContext): string[] {
  return [phoneE164, ...Object.values(variables), ...Object.values(claim).map(String)];
}

function mentions(words: readonly string[]): (text: string) => boolean {
  const telling = words.map((word) => word.trim().toLowerCase()).filter((word) => word !== '');
  return (text) => telling.some((word) => (/^[a-z0-9]$/.test(word) ? hasAlone(text, word) : text.toLowerCase().includes(word)));
}

/** One Latin letter stands in nearly every word; one sign of other scripts may be a name. */
function hasAlone(text: string, letter: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}])${letter}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}
