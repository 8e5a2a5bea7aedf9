import type { Ms } from '../ports.js';
import { ANSWER_TIMINGS, type AnswerFact, type AnswerTimings } from './answer-facts.js';
import { hear, NOTHING_HEARD_OF_ANSWER, quietSince, wordlessAt, type HeardAnswer } from './heard-answer.js';
import { DECISIVE, weigh } from './weigh-evidence.js';

/** Who picked up. `unsure` is treated as a person. */
export interface AnswerVerdict {
  kind: 'unsure' | 'person' | 'machine';
  /** Probability of a machine, or else of a person, 0–1. */
  confidence: number;
  /** The reasons, weightiest first; fixed phrases without anything that was said, so they may be logged. */
  because: string[];
  /** Nothing that comes changes `kind` any more. */
  final: boolean;
  /** When it took this kind. */
  decidedAt: Ms;
  /** End of the last beep. */
  beepEndedAt: Ms | null;
}

export interface AnswerState {
  heard: HeardAnswer;
  verdict: AnswerVerdict;
  /** Since when the signs have been those of a machine; null while they are not. */
  suspectedAt: Ms | null;
}

const UNSURE: AnswerVerdict = { kind: 'unsure', confidence: 0.5, because: [], final: false, decidedAt: 0, beepEndedAt: null };

/** At the start of media. */
export function createAnswerState(): AnswerState {
  return { heard: NOTHING_HEARD_OF_ANSWER, verdict: UNSURE, suspectedAt: null };
}

/** At the start of media of another line of the same call, where a machine has answered before: it may be silent by now, since its beep was missed. */
export function createMachineState(): AnswerState {
  const silent = { startedAt: 0, lastVoicedAt: 0, replies: false, counted: true };
  const verdict: AnswerVerdict = { ...UNSURE, kind: 'machine', confidence: 1, because: ['known from before'], final: true };
  return { heard: { ...NOTHING_HEARD_OF_ANSWER, greeting: silent, stretch: silent }, verdict, suspectedAt: 0 };
}

/** So many answered lines end all doubt. */
const CERTAIN_EXCHANGES = 2;

/**
 * Takes one fact in and judges anew. A machine is final at once, a person only after two answered lines or at the end of the window: until then
 * a "hello?" may turn out to be a recorded one. Same facts, same verdict; it never looks at a clock.
 */
export function detectAnsweringMachine(state: AnswerState, fact: AnswerFact, timings: AnswerTimings = ANSWER_TIMINGS): AnswerState {
  const heard = hear(state.heard, fact, timings);
  const beepEndedAt = heard.beep?.endedAt ?? null;
  if (state.verdict.final) return { ...state, heard, verdict: { ...state.verdict, beepEndedAt } };
  const { odds, evidence } = weigh(heard, timings);
  const suspectedAt = odds >= DECISIVE ? (state.suspectedAt ?? heard.now) : null;
  const convinced = evidence.some(({ conclusive }) => conclusive) || (suspectedAt !== null && heard.now - suspectedAt >= timings.dwellMs);
  const kind = suspectedAt !== null && convinced ? 'machine' : odds <= -DECISIVE ? 'person' : 'unsure';
  const sign = odds > 0 ? 1 : -1;
  const verdict: AnswerVerdict = {
    kind,
    confidence: 1 / (1 + Math.exp(-sign * odds)),
    because: evidence.toSorted((left, right) => sign * (right.weight - left.weight)).map(({ because }) => because),
    final: kind === 'machine' || heard.exchanges >= CERTAIN_EXCHANGES || heard.now >= timings.windowMs,
    decidedAt: kind === state.verdict.kind ? state.verdict.decidedAt : heard.now,
    beepEndedAt,
  };
  return { heard, verdict, suspectedAt };
}

/** When a look at the clock (a `time` fact) could change the verdict, although nothing happens; null when it could not. */
export function nextAnswerLookAt({ heard, verdict, suspectedAt }: AnswerState, timings: AnswerTimings = ANSWER_TIMINGS): Ms | null {
  if (verdict.final) return null;
  const dwelt = suspectedAt === null ? [] : [suspectedAt + timings.dwellMs];
  const moments = [timings.windowMs, ...dwelt, ...whileTheySpeak(heard, timings), ...whileTheyAreQuiet(heard, timings)];
  const next = Math.min(...moments.filter((at) => at > heard.now));
  return next === Infinity ? null : next;
}

/** One millisecond beyond each limit: the reasons ask for more than it. */
function whileTheySpeak({ greeting, speaking, talkedOverMs, agent, firstWordsAt, now }: HeardAnswer, timings: AnswerTimings): Ms[] {
  if (greeting === null || !speaking) return [];
  const lengths = [timings.longGreetingMs, timings.longerGreetingMs].map((ms) => greeting.startedAt + ms + 1);
  const words = firstWordsAt === null ? [] : [firstWordsAt + timings.endlessMs + 1];
  const over = agent.speaking && talkedOverMs <= timings.talkOverMs ? [now + timings.talkOverMs - talkedOverMs + 1] : [];
  return [...lengths, ...words, ...over];
}

function whileTheyAreQuiet(heard: HeardAnswer, timings: AnswerTimings): Ms[] {
  const quiet = quietSince(heard);
  const afterVoice = quiet === null ? [] : [quiet + timings.shortSilenceMs, quiet + timings.pauseMs];
  const afterBeep = heard.beep === null ? [] : [heard.beep.endedAt + timings.beepSilenceMs];
  return [...afterVoice, ...afterBeep, ...wordlessAt(heard)];
}
