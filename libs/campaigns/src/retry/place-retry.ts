import type { Disposition } from '@carillon/contracts';
import { dayPartOf, nextDayParts } from './day-part.js';
import type { RetryQuestion } from './retry-question.js';

/** A phone that rang and was not taken by a person: another part of the day may find them. A busy line or a failed network says nothing about that. */
const NOBODY_THERE: readonly Disposition[] = ['no_answer', 'no_conversation', 'voicemail', 'message_left', 'declined'];

/** An untried part of the day is worth waiting so much longer, not a weekend. */
const PATIENCE_MS = 24 * 3_600_000;

/** Retries of calls that went out together are drawn apart by up to a tenth of their delay, but not so far that a person would find the time odd. */
const JITTER_SHARE = 0.1;
const LONGEST_JITTER_MS = 30 * 60_000;

export type RetryPlace = Omit<RetryQuestion, 'optedOut' | 'callbackAt'> & { disposition: Disposition; delayMs: number };

/** The instant for the next call: after the delay, inside the window, before the campaign's end, and where it can be in a part of the day that was tried least. */
export function placeRetry(place: RetryPlace): Date | null {
  const earliest = new Date(place.now.getTime() + place.delayMs);
  const jitterMs = Math.floor(place.random() * Math.min(place.delayMs * JITTER_SHARE, LONGEST_JITTER_MS));
  const plain = allowedFrom(place, earliest, jitterMs);

  const [timeZone] = place.timeZones;
  if (plain === null || timeZone === undefined || !place.settings.spread_day_parts || !NOBODY_THERE.includes(place.disposition))
    return plain;

  const latest = Math.min(plain.getTime() + PATIENCE_MS, (place.endsAt?.getTime() ?? Infinity) - 1);
  const others = nextDayParts(plain, timeZone)
    .map((start) => allowedFrom(place, start, jitterMs))
    .filter((at): at is Date => at !== null && at.getTime() <= latest);
  const triedIn = triesByDayPart(place, timeZone);
  return others.reduce((best, at) => (triedIn(at) < triedIn(best) ? at : best), plain);
}

/** The jitter must not push a call past the closing of its window into another day. */
function allowedFrom({ nextAllowed }: RetryPlace, at: Date, jitterMs: number): Date | null {
  const opens = nextAllowed(at);
  if (opens === null) return null;
  const jittered = new Date(opens.getTime() + jitterMs);
  return nextAllowed(jittered)?.getTime() === jittered.getTime() ? jittered : opens;
}

/** How often the phone has already rung in the part of the day of an instant. */
function triesByDayPart({ attempts }: RetryPlace, timeZone: string): (at: Date) => number {
  const tried = attempts.filter(({ disposition }) => NOBODY_THERE.includes(disposition)).map(({ at }) => dayPartOf(at, timeZone));
  return (at) => tried.filter((part) => part === dayPartOf(at, timeZone)).length;
}
