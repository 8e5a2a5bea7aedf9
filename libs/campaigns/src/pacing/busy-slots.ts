import { AnswerCount } from './answer-count.js';
import type { AnswerOdds } from './answer-rates.js';
import type { TalkOdds } from './talk-times.js';

const { floor, max } = Math;

/** The open calls of one campaign as pacing sees them. */
export interface OpenCalls {
  talking: number;
  /** The ring age in ms of every open unanswered dial; 0 for what is reserved and not dialed yet. */
  ringing: readonly number[];
  now: number;
  rates: AnswerOdds;
  /** How long each of those that talk has talked, and what is known of talks. Without it nobody is expected to finish, and fewer calls are started. */
  finishing?: { talkedMs: readonly number[]; times: TalkOdds } | null;
}

/**
 * The moments from now at which the slots in use are looked at, the most crowded ones first, since the first that allows nothing ends the search. Between
 * two of them little changes: a few seconds of ringing, a few per cent of the talks.
 */
const LOOK_AHEAD_MS = [12_000, 8_000, 16_000, 4_000, 24_000, 36_000, 60_000];

/** Phones and talks whose ages differ by less are counted together, as the youngest of them. */
const RING_STEP_MS = 1_000;
const TALK_STEP_MS = 5_000;

/** Who holds a slot at one moment from now, and how likely a phone that is dialed now is among them. */
interface Moment {
  busy: AnswerCount;
  freshChance: number;
}

/** How many further calls may be started so that, at every moment looked at, P(talks that go on + answers until then > limit) ≤ ε. At most `most`. */
export function dialsWithin(calls: OpenCalls, limit: number, epsilon: number, most: number): number {
  let dials = max(0, most);
  const momentAt = lookAhead(calls);
  for (const withinMs of momentsFor(calls)) {
    if (dials === 0) return 0;
    const { busy, freshChance } = momentAt(withinMs);
    let fitting = 0;
    for (; fitting < dials; fitting++) {
      busy.add(freshChance);
      if (busy.above(limit) > epsilon) break;
    }
    dials = fitting;
  }
  return dials;
}

/** The fewest slots that are enough for the open calls and `fresh` new ones, but for a probability of ε. */
export function slotsFor(calls: OpenCalls, fresh: number, epsilon: number): number {
  const all = calls.talking + calls.ringing.length + fresh;
  const momentAt = lookAhead(calls);
  return momentsFor(calls).reduce((slots, withinMs) => {
    const { busy, freshChance } = momentAt(withinMs);
    busy.add(freshChance, fresh);
    return fewest(slots, all, (limit) => busy.above(limit) <= epsilon);
  }, calls.talking);
}

/** The least number between `from` and `to` that is enough, if all above one that is enough are. */
function fewest(from: number, to: number, isEnough: (slots: number) => boolean): number {
  if (isEnough(from)) return from;
  let [low, high] = [from + 1, to];
  while (low < high) {
    const middle = floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where nobody is expected to finish, the last answer is the most crowded moment. */
function momentsFor({ finishing }: OpenCalls): readonly number[] {
  return finishing ? LOOK_AHEAD_MS : [Infinity];
}

function lookAhead({ talking, ringing, now, rates, finishing }: OpenCalls): (withinMs: number) => Moment {
  const talkedMs = finishing?.talkedMs.slice(0, talking) ?? [];
  const goesOn = finishing?.times.among(talkedMs);
  const phones = byAge(ringing, RING_STEP_MS);
  const talks = byAge(talkedMs, TALK_STEP_MS);
  return (withinMs) => {
    const busy = new AnswerCount();
    busy.add(1, talking - talkedMs.length);
    for (const [ageMs, times] of phones) busy.add(rates.answerProbability(ageMs, now, withinMs), times);
    if (goesOn) for (const [ageMs, times] of talks) busy.add(goesOn(ageMs, withinMs), times);
    return { busy, freshChance: rates.answerProbability(0, now, withinMs) };
  };
}

function byAge(agesMs: readonly number[], stepMs: number): [ageMs: number, times: number][] {
  const groups = new Map<number, number>();
  for (const age of agesMs) {
    const youngest = floor(age / stepMs) * stepMs;
    groups.set(youngest, (groups.get(youngest) ?? 0) + 1);
  }
  return [...groups];
}
