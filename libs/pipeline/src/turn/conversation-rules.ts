import type { Ms } from '../ports.js';

/** Texts that the engine says by itself, in the language of the call. */
export interface CallLines {
  greeting: string;
  stillThere: string;
  goodbye: string;
  apology: string;
  /** Said while the model takes its time: soon, and in other words once more. Without the second the first is repeated. */
  filler: string;
  stillThinking?: string | undefined;
  /** Said before the greeting and never interrupted, such as that the call is recorded. */
  legalNotice?: string | undefined;
  /** Said when the line is back after it was lost. */
  recap?: string | undefined;
  /** Said before the person is put through to somebody. */
  handOver?: string | undefined;
  /** Said after the apology where we cannot go on: names the key for another call; and what follows when it was pressed. */
  callbackOffer?: string | undefined;
  callbackTaken?: string | undefined;
}

/** Off; the model is asked early; what it answers is also synthesised early. */
export type Speculation = 'off' | 'model' | 'voice';

/** What follows when no answer came within the hard timeout. */
export type HardTimeoutAction = 'apologise' | 'retry' | 'hand-over';

/**
 * Every number that turn taking hangs on. Names of the reference peer's flags, where a number has one, stand in
 * `ConversationSettings` of @carillon/contracts. The defaults are those of the field (docs/conversation.md gives the reasons).
 */
export interface ConversationRules {
  lines: CallLines;
  /** Language code of the call, such as zh-CN: chooses the word lists. */
  language: string;

  /** Probability at which a silent person counts as speaking, and the lower one at which a speaking person counts as silent. */
  voiceOn: number;
  voiceOff: number;
  /** Length of one window of the voice detector. */
  windowMs: Ms;
  /** Voice shorter than this is a click, not speech. */
  minSpeechMs: Ms;
  /** Silence after which a pause is noticed: two windows, so that a stop consonant does not end an utterance. */
  pauseMs: Ms;

  /** Wait from the last voiced sample to the end of the turn: where it surely is over, where nobody can tell, where more must follow. */
  confidentWaitMs: Ms;
  unsureWaitMs: Ms;
  maxWaitMs: Ms;
  /** Learn the unsure wait from the person's own pauses. */
  adaptiveWait: boolean;
  /** A semantic model is asked about the end of turns. */
  semanticEndpointing: boolean;
  /** An interim transcript that did not change for so long is as good as a final one. */
  stableMs: Ms;
  /** How long a transcript that still changes is waited for once the wait is over. */
  sttCompleteMs: Ms;
  /** Delay, at the 99th percentile, from the end of speech to its final transcript: nothing is waited for beyond it. */
  sttFinalMs: Ms;
  /** Voice without a pause (television, music, a monologue) ends a turn after this. */
  maxUtteranceMs: Ms;

  /** Unbroken voice that stops the sound of the agent. */
  bargeInMs: Ms;
  /** How long the agent then waits, silent, for what the person says; and the voice that cuts it without a word being understood. */
  verifyMs: Ms;
  longVoiceMs: Ms;
  /** Words, or for scripts without spaces characters, that cut at once. */
  cutWords: number;
  cutCharacters: number;
  /** May the greeting be interrupted, and from when on: a "hello?" at pick-up is no interruption. */
  greetingInterruptible: boolean;
  greetingGraceMs: Ms;
  /** Once our own voice has come back as an echo: voice within this time after the agent's own onset is no interruption. */
  echoMaskMs: Ms;
  /** May a key press stop the agent, and how long the next key is waited for. */
  dtmfBargeIn: boolean;
  digitWaitMs: Ms;
  /** What was said over the agent without stopping it is answered after this much silence. */
  overlapWaitMs: Ms;

  /** Silence of both sides before the person is asked whether they are still there: the first time and after that; and how often. */
  silencePromptMs: Ms;
  silenceMs: Ms;
  maxSilencePrompts: number;

  /** Wait for an answer before the first filler (null: none), before the second, and before giving up. */
  fillerMs: Ms | null;
  softTimeoutMs: Ms;
  hardTimeoutMs: Ms;
  hardTimeoutAction: HardTimeoutAction;
  /** Apologies in a row after which the call is given up. */
  maxFailures: number;
  /** Where we cannot go on, somebody takes over; how long the carrier's answer to that is waited for. Only if it fails: */
  failureHandOver: boolean;
  transferWaitMs: Ms;
  /** Where we cannot go on, the person may ask for another call; how long the key for it is waited for. */
  callbackOffer: boolean;
  offerWaitMs: Ms;
  /** Tool rounds of one turn; after them the model has to answer without tools. */
  maxToolRounds: number;

  speculation: Speculation;
  /** How long an interim transcript that came after the voice must stand before the model is asked early. */
  draftStableMs: Ms;
  /** The cost cap: early requests for one turn, and those of a call that came to nothing. */
  maxDraftsPerTurn: number;
  maxWastedDrafts: number;

  /** How often a model that fails is asked before we apologise, and the first pause between two times; each that follows is twice as long. */
  maxModelTries: number;
  modelRetryMs: Ms;

  /** For how long a broken recogniser stream is opened again; the first pause before that, and the longest: each is twice as long as the one before. */
  sttOutageMs: Ms;
  sttReopenMs: Ms;
  sttReopenMaxMs: Ms;
  /** A recogniser that says nothing of an utterance with so much voice in it is deaf. */
  unheardVoiceMs: Ms;
  maxCallMs: Ms;
}

export const DEFAULT_RULES: Omit<ConversationRules, 'lines'> = {
  language: 'en-US',
  voiceOn: 0.5,
  voiceOff: 0.35,
  windowMs: 32,
  minSpeechMs: 96,
  pauseMs: 64,
  confidentWaitMs: 180,
  unsureWaitMs: 500,
  maxWaitMs: 2_500,
  adaptiveWait: true,
  semanticEndpointing: false,
  stableMs: 120,
  sttCompleteMs: 100,
  sttFinalMs: 1_800,
  maxUtteranceMs: 30_000,
  bargeInMs: 250,
  verifyMs: 600,
  longVoiceMs: 700,
  cutWords: 2,
  cutCharacters: 3,
  greetingInterruptible: true,
  greetingGraceMs: 1_000,
  echoMaskMs: 300,
  dtmfBargeIn: true,
  digitWaitMs: 3_000,
  overlapWaitMs: 1_500,
  silencePromptMs: 10_000,
  silenceMs: 20_000,
  maxSilencePrompts: 3,
  fillerMs: 1_200,
  softTimeoutMs: 4_000,
  hardTimeoutMs: 15_000,
  hardTimeoutAction: 'apologise',
  maxFailures: 2,
  failureHandOver: false,
  transferWaitMs: 20_000, // four or five rings
  callbackOffer: true,
  offerWaitMs: 6_000,
  maxToolRounds: 5,
  speculation: 'model',
  draftStableMs: 20,
  maxDraftsPerTurn: 2,
  maxWastedDrafts: 20,
  maxModelTries: 4,
  modelRetryMs: 250,
  sttOutageMs: 15_000, // as long as the model may take
  sttReopenMs: 200,
  sttReopenMaxMs: 2_000,
  unheardVoiceMs: 1_000, // coughs last half a second
  maxCallMs: 900_000,
};
