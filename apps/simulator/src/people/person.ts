import type { FliteVoice } from '../engines/speech-engines.js';
import type { Facts } from './facts.js';

/** How somebody behaves on the phone. The first three hold a conversation to its end. */
export const TEMPERAMENTS = [
  'chatty', // leads in to every answer
  'terse', // says the value and no more
  'interrupts', // starts to speak while the agent still does, once or twice in a call
  'silent', // picks up and says nothing
  'wrong-number', // says so, hears the agent out, hangs up
  'busy',
  'no-answer',
  'declines',
  'voicemail', // a greeting, a tone, silence
  'hangs-up', // in the middle of an answer
  'invalid', // the number does not exist
] as const;
export type Temperament = (typeof TEMPERAMENTS)[number];

export interface Person {
  phoneE164: string;
  temperament: Temperament;
  voice: FliteVoice;
  facts: Facts;
}

/** Whether a call to them should bring every fact that is asked for. */
export function isTalkative(temperament: Temperament): boolean {
  return temperament === 'chatty' || temperament === 'terse' || temperament === 'interrupts';
}
