import type { LlmDelta, LlmProvider, LlmRequest } from '@carillon/pipeline';
import { ProviderError } from '../provider-error.js';
import type { CircuitState } from './circuit-breaker.js';
import { HedgeBudget } from './hedge-budget.js';
import { ProviderRow, type FailoverOptions } from './provider-row.js';
import { Race, type RaceRules, type Runner } from './race.js';

export interface FailoverLlmOptions extends FailoverOptions<LlmProvider> {
  firstTokenTimeoutMs?: number | undefined;
  /** The first provider's 95th percentile to the first token: later than this, the second is asked as well. Infinity: never. */
  hedgeAfterMs?: number | undefined;
  /** At most this share of the requests is asked twice: each of them costs twice. */
  hedgeShare?: number | undefined;
}

const FIRST_TOKEN_TIMEOUT_MS = 3_000;

/** Published 95th percentiles are 750 ms; a person wonders from about a second on. */
const HEDGE_AFTER_MS = 1_000;
const HEDGE_SHARE = 0.05;

/** Answers with the first model that can. Once a word was handed on, a failure is a failure: no sentence is begun twice. */
export class FailoverLlm implements LlmProvider {
  readonly #row: ProviderRow<LlmProvider>;
  readonly #rules: RaceRules;

  constructor(options: FailoverLlmOptions) {
    this.#row = new ProviderRow('llm', options);
    this.#rules = {
      kind: 'llm',
      clock: options.clock,
      firstPieceTimeoutMs: options.firstTokenTimeoutMs ?? FIRST_TOKEN_TIMEOUT_MS,
      timeoutCode: 'llm_timeout',
      hedgeAfterMs: options.hedgeAfterMs ?? HEDGE_AFTER_MS,
      budget: new HedgeBudget(options.hedgeShare ?? HEDGE_SHARE),
    };
  }

  circuits(): { provider: string; state: CircuitState }[] {
    return this.#row.states();
  }

  warm(): void {
    this.#row.first.warm?.();
  }

  async *stream(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmDelta> {
    signal.throwIfAborted();
    const reply = new Reply(this.#row, this.#rules, request);
    const onAbort = () => reply.cancel(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      yield* reply.deltas();
    } finally {
      signal.removeEventListener('abort', onAbort);
      reply.cancel(undefined); // harmless after the end; otherwise the consumer left early
    }
  }
}

interface Opened {
  deltas: AsyncIterator<LlmDelta>;
  /** Up to the first text or tool call. */
  begun: LlmDelta[];
  runner: Runner;
  /** Its name. */
  provider: string | undefined;
}

/** One answer, from whichever model begins it first. */
class Reply {
  readonly #row: ProviderRow<LlmProvider>;
  readonly #race: Race<LlmProvider>;
  readonly #opened: Promise<Opened>;
  #settle: { resolve(opened: Opened): void; reject(error: unknown): void } | undefined;
  #failure: { error: unknown } | undefined;

  constructor(row: ProviderRow<LlmProvider>, rules: RaceRules, request: LlmRequest) {
    this.#row = row;
    this.#opened = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.#opened.catch(() => undefined); // `deltas` hears of it, where somebody still listens
    this.#race = new Race({
      row,
      rules,
      ask: (llm: LlmProvider, runner) => this.#ask(llm, request, runner),
      failed: (error) => this.#fail(error),
    });
    this.#race.begin();
  }

  async *deltas(): AsyncGenerator<LlmDelta> {
    const { begun, deltas, runner, provider } = await this.#opened;
    yield* begun;
    for (;;) {
      const next = await deltas.next().catch((error: unknown) => {
        runner.failed(error);
        throw this.#failure?.error ?? error;
      });
      if (next.done) break;
      yield next.value.type === 'usage' ? { ...next.value, provider } : next.value;
    }
    if (this.#failure) throw this.#failure.error; // a provider may end an aborted stream like a complete one
    runner.finished();
  }

  cancel(reason: unknown): void {
    this.#fail(reason);
    this.#race.cancel();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#settle?.reject(error);
  }

  #ask(llm: LlmProvider, request: LlmRequest, runner: Runner): () => void {
    const controller = new AbortController();
    const deltas = llm.stream(request, controller.signal)[Symbol.asyncIterator]();
    beginning(deltas).then(
      (begun) => {
        if (runner.answered()) this.#settle?.resolve({ deltas, begun, runner, provider: this.#row.nameOf(llm) });
        else leave(deltas);
      },
      (error: unknown) => runner.failed(error),
    );
    return () => {
      controller.abort();
      leave(deltas);
    };
  }
}

/** Reads up to the first text or tool call. An answer without any is none. */
async function beginning(deltas: AsyncIterator<LlmDelta>): Promise<LlmDelta[]> {
  const begun: LlmDelta[] = [];
  for (;;) {
    const next = await deltas.next();
    if (next.done) throw new ProviderError('llm_bad_answer', 'the answer was empty');
    begun.push(next.value);
    if (next.value.type !== 'usage') return begun;
  }
}

/** Lets the provider clean up. What it says about that concerns nobody: its answer is not wanted. */
function leave(deltas: AsyncIterator<LlmDelta>): void {
  deltas.return?.().catch(() => undefined);
}
