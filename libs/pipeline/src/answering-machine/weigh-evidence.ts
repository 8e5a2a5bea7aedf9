import type { AnswerTimings } from './answer-facts.js';
import type { LineTone } from './tone-detector.js';
import { lengthMs, quietSince, standingBeep, type HeardAnswer } from './heard-answer.js';

/** One reason for a verdict. `weight` is in log-odds of "machine": below 0 it speaks for a person. */
export interface Evidence {
  because: string;
  weight: number;
  /** No person gives it. Without such a one, a few moments are waited for the word that turns the sum: "… can I take a message?" */
  conclusive?: boolean;
}

/** Before anything is known a person is the better bet, and the one that does no harm. */
const PRIOR = -1.5;
/** The sum from which on it is a machine, or a person: 95 in a hundred. */
export const DECISIVE = 3;

/** Chosen so that one sure hint decides alone, a length never does before its time, and two likely hints wait for a third sign. */
const WEIGHTS = {
  sit: 6,
  sureHint: 4.5,
  likelyHint: 1.5,
  personHint: -4,
  shortAndQuiet: -2.5,
  exchange: -1.5,
  longGreeting: 0.5,
  longerGreeting: 0.5,
  endlessGreeting: 3.5,
  talksOver: 0.5,
  beepAfterGreeting: 4.5,
  beepAlone: 1,
};

export function weigh(heard: HeardAnswer, timings: AnswerTimings): { odds: number; evidence: Evidence[] } {
  const evidence = [...words(heard), ...cadence(heard, timings), ...tones(heard, timings)];
  return { odds: evidence.reduce((sum, { weight }) => sum + weight, PRIOR), evidence };
}

/** Each hint counts once, a person's only as a whole: whoever asks two questions is not two persons. */
function words({ hints }: HeardAnswer): Evidence[] {
  return [
    ...hints.sure.map((name) => ({ because: `says as only machines do: ${name}`, weight: WEIGHTS.sureHint, conclusive: true })),
    ...hints.likely.map((name) => ({ because: `says as machines do: ${name}`, weight: WEIGHTS.likelyHint })),
    ...hints.person.slice(0, 1).map((name) => ({ because: `says as people do: ${name}`, weight: WEIGHTS.personHint })),
  ];
}

function cadence(heard: HeardAnswer, timings: AnswerTimings): Evidence[] {
  const { greeting, hints } = heard;
  // a mailbox that greets late seems to answer us once: what it says counts for more
  const exchanges = hints.sure.length > 0 ? 0 : heard.exchanges;
  const answers = exchanges > 0 ? [{ because: `answered us ${exchanges} times and listened`, weight: WEIGHTS.exchange * exchanges }] : [];
  if (greeting === null || greeting.replies) return answers;
  return isShortAndQuiet(heard, timings)
    ? [{ because: 'a short greeting, then silence', weight: WEIGHTS.shortAndQuiet }, ...answers]
    : [...length(heard, lengthMs(greeting, heard), timings), ...answers];
}

function isShortAndQuiet(heard: HeardAnswer, timings: AnswerTimings): boolean {
  const { shortGreetingMs, shortSilenceMs } = timings;
  const { greeting, hints, spokeOn, now } = heard;
  if (greeting === null || spokeOn || isMailboxBeep(heard, timings) || hints.sure.length + hints.likely.length > 0) return false;
  if (lengthMs(greeting, heard) > shortGreetingMs) return false;
  const quiet = quietSince(heard);
  return heard.stretch?.startedAt !== greeting.startedAt || (quiet !== null && now - quiet >= shortSilenceMs);
}

function length(heard: HeardAnswer, ms: number, timings: AnswerTimings): Evidence[] {
  const found: Evidence[] = [];
  if (ms > timings.longGreetingMs)
    found.push({ because: `greets for more than ${timings.longGreetingMs} ms`, weight: WEIGHTS.longGreeting });
  if (ms > timings.longerGreetingMs)
    found.push({ because: `greets for more than ${timings.longerGreetingMs} ms`, weight: WEIGHTS.longerGreeting });
  if (ms > timings.endlessMs && wordsFlow(heard, timings))
    found.push({ because: 'speaks without a pause and does not listen', weight: WEIGHTS.endlessGreeting, conclusive: true });
  if (heard.talkedOverMs > timings.talkOverMs)
    found.push({ because: `talks over us for more than ${timings.talkOverMs} ms`, weight: WEIGHTS.talksOver });
  return found;
}

/** All the time, that is: background voices before the first word are no greeting. */
function wordsFlow({ words, firstWordsAt, wordsAt, wordsPaused, now }: HeardAnswer, timings: AnswerTimings): boolean {
  const flow = words >= timings.someWords && !wordsPaused && now - wordsAt <= timings.wordGapMs;
  return flow && now - (firstWordsAt ?? now) > timings.endlessMs;
}

function tones(heard: HeardAnswer, timings: AnswerTimings): Evidence[] {
  const found: Evidence[] = heard.sit
    ? [{ because: 'the tones before a carrier announcement', weight: WEIGHTS.sit, conclusive: true }]
    : [];
  if (isMailboxBeep(heard, timings))
    found.push({ because: 'a greeting, a beep, then silence', weight: WEIGHTS.beepAfterGreeting, conclusive: true });
  else if (quietBeep(heard, timings) !== null) found.push({ because: 'a beep, then silence', weight: WEIGHTS.beepAlone });
  return found;
}

/** A line that is recorded tells so by a short tone of 1,400 Hz (47 CFR 64.501): behind it is a person. */
const RECORDED_LINE = { fromHz: 1_370, toHz: 1_430, maxMs: 300 };

function isMailboxBeep(heard: HeardAnswer, timings: AnswerTimings): boolean {
  const beep = quietBeep(heard, timings);
  if (beep === null) return false;
  const { fromHz, toHz, maxMs } = RECORDED_LINE;
  const recorded = beep.hertz >= fromHz && beep.hertz <= toHz && beep.endedAt - beep.startedAt <= maxMs;
  return heard.hints.sure.length + heard.hints.likely.length > 0 || (!recorded && heard.voicedMs >= timings.greetedMs);
}

function quietBeep(heard: HeardAnswer, { beepSilenceMs }: AnswerTimings): LineTone | null {
  const beep = standingBeep(heard);
  return beep !== null && heard.now - beep.endedAt >= beepSilenceMs ? beep : null;
}
