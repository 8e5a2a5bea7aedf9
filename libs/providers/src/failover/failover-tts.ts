import type { TtsListener, TtsProvider, TtsRequest, WordMark } from '@carillon/pipeline';
import { ProviderError } from '../provider-error.js';
import type { CircuitState } from './circuit-breaker.js';
import { HedgeBudget } from './hedge-budget.js';
import { ProviderRow, type FailoverOptions } from './provider-row.js';
import { Race, type RaceRules, type Runner } from './race.js';

export interface FailoverTtsOptions extends FailoverOptions<TtsProvider> {
  firstByteTimeoutMs?: number | undefined;
}

/** First audio takes 100 ms, with a slow service 250; three times as long is a fault that a person hears. */
const SLOW_MS = 1_000;
const FIRST_BYTE_TIMEOUT_MS = 1_500;

const SPEAKABLE = /[\p{L}\p{N}]/u;

/** Speaks with the first provider that can. Once audio was handed on, a failure is a failure: nobody hears a beginning twice. */
export class FailoverTts implements TtsProvider {
  readonly #row: ProviderRow<TtsProvider>;
  readonly #rules: RaceRules;

  constructor(options: FailoverTtsOptions) {
    this.#row = new ProviderRow('tts', { ...options, circuit: { slowMs: SLOW_MS, ...options.circuit } });
    this.#rules = {
      kind: 'tts',
      clock: options.clock,
      firstPieceTimeoutMs: options.firstByteTimeoutMs ?? FIRST_BYTE_TIMEOUT_MS,
      timeoutCode: 'tts_timeout',
      hedgeAfterMs: Infinity,
      budget: new HedgeBudget(0),
    };
  }

  speak(request: TtsRequest, listener: TtsListener): { cancel(): void } {
    const race = new Race({
      row: this.#row,
      // Its deployment is one tenant's own, and may be gone, or cold, while the voices of all others are well.
      rules: { ...this.#rules, offTheRecord: request.customVoice !== undefined },
      ask: (tts: TtsProvider, runner) => speakWith(tts, request, listener, runner),
      failed: (error) => listener.failed(error instanceof Error ? error : new Error(String(error))),
    });
    race.begin();
    return race;
  }

  warm(sampleRate: TtsRequest['sampleRate']): void {
    this.#row.first.warm?.(sampleRate);
  }

  circuits(): { provider: string; state: CircuitState }[] {
    return this.#row.states();
  }

  close(): void {
    for (const tts of this.#row.providers) tts.close();
  }
}

function speakWith(tts: TtsProvider, request: TtsRequest, listener: TtsListener, runner: Runner): () => void {
  let heard = false;
  /** Told before the first sound: a provider that gives none is left, and so are its words. */
  let ahead: WordMark[] = [];
  const handle = tts.speak(request, {
    audio(pcm) {
      heard = true;
      if (!runner.answered()) return;
      if (ahead.length > 0) listener.words?.(ahead);
      ahead = [];
      listener.audio(pcm);
    },
    words(marks) {
      if (!heard) ahead.push(...marks);
      else if (runner.answered()) listener.words?.(marks);
    },
    done() {
      // Azure does so where a voice does not know the language of the text: the request is at fault, not the service.
      if (!heard && SPEAKABLE.test(request.text)) return runner.failed(new ProviderError('tts_rejected', 'no audio came'));
      if (!runner.answered()) return;
      runner.finished();
      listener.done();
    },
    failed: (error) => runner.failed(error),
  });
  return () => handle.cancel();
}
