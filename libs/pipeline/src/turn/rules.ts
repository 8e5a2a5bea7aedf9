import type { Ms } from '../ports.js';

/** Texts that the engine says by itself, in the language of the call. */
export interface CallLines {
  greeting: string;
  stillThere: string;
  goodbye: string;
  apology: string;
  /** Said while the model takes its time. */
  filler: string;
}

/** Every number that turn taking hangs on. The defaults are those of the field (voice detection) and of the campaign (the rest). */
export interface TurnRules {
  lines: CallLines;
  /** Probability at which a silent person counts as speaking, and the lower one at which a speaking person counts as silent. */
  voiceOn: number;
  voiceOff: number;
  /** Length of one window of the voice detector. */
  windowMs: Ms;
  /** Voice shorter than this is a click, not speech. */
  minSpeechMs: Ms;
  /** Silence after which a pause is noticed: two windows, so that a stop consonant does not end an utterance. */
  pauseMs: Ms;
  /** Wait from the last voiced sample to the end of the turn, and the shorter one where the transcript ends like a sentence. */
  endpointWaitMs: Ms;
  sentenceWaitMs: Ms;
  /** An interim transcript that did not change for so long is as good as a final one. */
  stableMs: Ms;
  /** Delay, at the 99th percentile, from the end of speech to its final transcript: nothing is waited for beyond it. */
  sttFinalMs: Ms;
  /** Unbroken voice that stops the agent. */
  bargeInMs: Ms;
  /** May the greeting be interrupted, and from when on: a "hello?" at pick-up is no interruption. */
  greetingInterruptible: boolean;
  greetingGraceMs: Ms;
  /** What was said over the agent without stopping it is answered after this much silence. */
  overlapWaitMs: Ms;
  /** Silence of both sides before the person is asked whether they are still there, and how often that is asked. */
  silenceMs: Ms;
  maxSilencePrompts: number;
  /** Wait for an answer before the filler, and before giving up. */
  softTimeoutMs: Ms;
  hardTimeoutMs: Ms;
  /** Apologies in a row after which the call is given up. */
  maxFailures: number;
  /** Tool rounds of one turn; after them the model has to answer without tools. */
  maxToolRounds: number;
  /** How often a broken recogniser stream is opened again, and the first pause before that. */
  maxSttReopens: number;
  sttReopenMs: Ms;
  maxCallMs: Ms;
}

export const DEFAULT_RULES: Omit<TurnRules, 'lines'> = {
  voiceOn: 0.5,
  voiceOff: 0.35,
  windowMs: 32,
  minSpeechMs: 96,
  pauseMs: 64,
  endpointWaitMs: 500,
  sentenceWaitMs: 300,
  stableMs: 120,
  sttFinalMs: 1_800,
  bargeInMs: 250,
  greetingInterruptible: true,
  greetingGraceMs: 1_000,
  overlapWaitMs: 1_500,
  silenceMs: 20_000,
  maxSilencePrompts: 3,
  softTimeoutMs: 4_000,
  hardTimeoutMs: 15_000,
  maxFailures: 2,
  maxToolRounds: 5,
  maxSttReopens: 3,
  sttReopenMs: 200,
  maxCallMs: 900_000,
};
