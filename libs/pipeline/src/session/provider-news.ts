/** Tokens of one answer of a model. A stream that is broken off tells none. */
export interface ModelUsage {
  inputTokens: number;
  outputTokens: number;
  /** By its name in the configuration, where it is known. */
  provider?: string | undefined;
}

/** What providers tell of their work beside it, for counters. */
export type ProviderNews =
  | ({ type: 'tokens' } & ModelUsage)
  /** They were of an early answer that nobody could use. Told beside `tokens`. */
  | ({ type: 'tokens-wasted' } & ModelUsage)
  /** How sure the recogniser is of a final transcript (0–1). */
  | { type: 'recognised'; confidence: number }
  /** It is asked again: its stream had failed, or was deaf, or the language has changed. */
  | { type: 'recogniser-reopened'; cause: 'failed' | 'deaf' | 'language' };
