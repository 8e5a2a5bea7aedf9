import type { Ms } from '../ports.js';
import type { LineTone } from './tone-detector.js';

/** What tells a person from a machine. `at` counts from the start of media, so that ringing and early media burn no timer. */
export type AnswerFact =
  /** The far end began to speak at `at`, or stopped after its last voiced sample at `at`; both may be told a little later than they were. */
  | { kind: 'voice'; at: Ms; speaking: boolean }
  /** Our own voice begins or ends on the line. */
  | { kind: 'agent'; at: Ms; speaking: boolean }
  /** The transcript of the running utterance so far, or of one that is over. `language` is a tag such as `en-US`. */
  | { kind: 'partial' | 'final'; at: Ms; text: string; language: string }
  | { kind: 'tone'; at: Ms; tone: LineTone }
  /** Nothing happened until now. */
  | { kind: 'time'; at: Ms };

/** Every number that the verdict hangs on; the doc of each says where it comes from. Weights are log-odds of "machine". */
export interface AnswerTimings {
  /** Machines pause between sentences for less than this, so voice over shorter pauses is one stretch. */
  pauseMs: Ms;
  /** People say "hello?" and wait: at most so much voice, then at least so much silence (livekit/agents: 2.5 s and 0.5 s). */
  shortGreetingMs: Ms;
  shortSilenceMs: Ms;
  /** Lengths of an unbroken greeting that count more and more. */
  longGreetingMs: Ms;
  longerGreetingMs: Ms;
  /**
   * Unbroken speech that is enough by itself, none of whose words is a machine's. Voice alone never is: a television behind a person has no pauses
   * either. So there must be some words, and no more time between two of them than this.
   */
  endlessMs: Ms;
  someWords: number;
  wordGapMs: Ms;
  /** Voice over ours for so long shows that nobody listens. */
  talkOverMs: Ms;
  /** A reply begins so soon after our line and is no longer than this. */
  replyWithinMs: Ms;
  replyMs: Ms;
  /** So much voice before a beep was a greeting. */
  greetedMs: Ms;
  /** Silence after a beep before the beep counts in full: a recorded line beeps too, and then the person goes on. */
  beepSilenceMs: Ms;
  /** How long a sum of weak signs has to stand, for words come late and the last ones may turn it. */
  dwellMs: Ms;
  /** From then on nothing changes the verdict, unless it is "machine" by then. */
  windowMs: Ms;
}

export const ANSWER_TIMINGS: AnswerTimings = {
  pauseMs: 800,
  shortGreetingMs: 2_500,
  shortSilenceMs: 500,
  longGreetingMs: 2_500,
  longerGreetingMs: 4_500,
  endlessMs: 14_000,
  someWords: 12,
  wordGapMs: 2_500,
  talkOverMs: 2_000,
  replyWithinMs: 4_000,
  replyMs: 4_000,
  greetedMs: 1_000,
  beepSilenceMs: 1_500,
  dwellMs: 2_500,
  windowMs: 30_000,
};
