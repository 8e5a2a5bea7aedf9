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
  const isPersonal = mentions(wordsOfPerson(context));
  // Of a call that belongs to no campaign nobody knows whom its notice concerns.
  const isForeign = (text: string): boolean => context.campaignId === null && text === lines.legalNotice;
  for (const text of linesToSpeak(lines)) (isPersonal(text) || isForeign(text) ? forPerson : forEverybody).push(requestOf(text));
  const message = machines?.message;
  // Each worker that hears of the call would render one of this person alone, and few of them ever say it: it has the time until the beep.
  if (message && context.campaignId !== null && !isPersonal(message)) forEverybody.push(requestOf(message));
  return { forEverybody, forPerson };
}

/** The row of the contact, and what was collected; of a call that belongs to no campaign also its bot and company, which may be anybody's. */
function wordsOfPerson({ campaignId, initiate, variables, claim, phoneE164 }: CallContext): string[] {
  const ofRequest = campaignId === null ? [initiate.bot_name, initiate.bot_company] : [];
  return [phoneE164, ...Object.values(variables), ...Object.values(claim).map(String), ...ofRequest];
}

function mentions(words: readonly string[]): (text: string) => boolean {
  const telling = words.map((word) => word.trim().toLowerCase()).filter((word) => word.length > 1);
  return (text) => telling.some((word) => text.toLowerCase().includes(word));
}
