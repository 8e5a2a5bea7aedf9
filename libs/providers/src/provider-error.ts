/** Everything that can go wrong at a provider: stable code, constant message, and whether asking again may help. */
export const providerErrors = {
  stt_refused: { message: 'The speech recognition service refused or dropped the connection', retryable: true },
  stt_rejected: { message: 'The speech recognition service can do nothing with what it was asked for', retryable: false },
  stt_throttled: { message: 'The speech recognition service takes no more requests for now', retryable: true },
  stt_deaf: { message: 'The speech recognition service takes audio but says nothing', retryable: true },
  tts_refused: { message: 'The speech synthesis service refused or dropped the connection', retryable: true },
  tts_rejected: { message: 'The speech synthesis service can do nothing with what it was asked for', retryable: false },
  tts_throttled: { message: 'The speech synthesis service takes no more requests for now', retryable: true },
  tts_timeout: { message: 'The speech synthesis service is too slow', retryable: true },
  tts_busy: { message: 'Too many utterances are being synthesised already', retryable: true },
  llm_refused: { message: 'The language model service refused the request', retryable: false },
  llm_rejected: { message: 'The language model service can do nothing with what it was asked for', retryable: false },
  llm_unavailable: { message: 'The language model service cannot be reached or is overloaded', retryable: true },
  llm_throttled: { message: 'The language model service takes no more requests for now', retryable: true },
  llm_timeout: { message: 'The language model service is too slow', retryable: true },
  llm_bad_answer: { message: 'The language model answered something that cannot be used', retryable: true },
  all_down: { message: 'Every provider that could serve this is failing', retryable: true },
  closed: { message: 'The provider was closed', retryable: false },
} as const;

export type ProviderErrorCode = keyof typeof providerErrors;

export interface ProviderErrorOptions extends ErrorOptions {
  /** How long the service wants to be left alone, where it said so. */
  retryAfterMs?: number | undefined;
}

/** `details` is what the service said, with keys already taken out; never what a person said. */
export class ProviderError extends Error {
  readonly code: ProviderErrorCode;
  readonly details: string;
  readonly retryAfterMs: number | undefined;

  constructor(code: ProviderErrorCode, details = '', options?: ProviderErrorOptions) {
    super(providerErrors[code].message, options);
    this.name = 'ProviderError';
    this.code = code;
    this.details = details;
    this.retryAfterMs = options?.retryAfterMs;
  }

  get retryable(): boolean {
    return providerErrors[this.code].retryable;
  }

  /** What was asked for is wrong in itself, as far as the service says. */
  get rejected(): boolean {
    return this.code.endsWith('_rejected');
  }

  /** The service is well, but has enough of us. */
  get throttled(): boolean {
    return this.code.endsWith('_throttled');
  }
}
