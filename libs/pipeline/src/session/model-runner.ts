import type { LlmDelta, LlmProvider, LlmRequest, Ms } from '../ports.js';
import type { TurnSign } from '../turn/effects.js';
import type { TurnEvent } from '../turn/events.js';
import type { ModelUsage, ProviderNews } from './provider-news.js';

export interface ModelRunnerOptions {
  llm: LlmProvider;
  now(): Ms;
  dispatch(event: TurnEvent): void;
  onNews(news: ProviderNews): void;
  onError(error: Error): void;
}

interface Run {
  gen: number;
  request: number;
  abort: AbortController;
  deltas: AsyncIterator<LlmDelta> | null;
}

/** Turns the model's stream into events. One request of a call runs at a time; a cancelled one is heard of no more, even if it ignores its signal. */
export class ModelRunner {
  private run: Run | null = null;
  /** The answer that was asked for before its turn was over, and what it has cost, as far as that is known. */
  private draft: { gen: number; usage: ModelUsage | null } | null = null;

  constructor(private options: ModelRunnerOptions | null) {}

  start(gen: number, request: number, body: LlmRequest, early = false): void {
    this.stop();
    if (early) this.draft = { gen, usage: null };
    const run: Run = { gen, request, abort: new AbortController(), deltas: null };
    this.run = run;
    void this.consume(run, body);
  }

  cancel(gen: number): void {
    if (this.run?.gen === gen) this.stop();
  }

  /** An early answer could be used, or not. */
  settleDraft({ outcome }: Extract<TurnSign, { type: 'speculation' }>): void {
    const usage = this.draft?.usage ?? null;
    this.draft = null;
    if (outcome === 'miss' && usage !== null) this.options?.onNews({ type: 'tokens-wasted', ...usage });
  }

  close(): void {
    this.stop();
    this.options = null;
  }

  private stop(): void {
    const { run } = this;
    this.run = null;
    if (run === null) return;
    run.abort.abort();
    void run.deltas?.return?.().catch(() => undefined); // what a cancelled stream still has to say does not matter
  }

  private async consume(run: Run, body: LlmRequest): Promise<void> {
    try {
      const deltas = this.options?.llm.stream(body, run.abort.signal)[Symbol.asyncIterator]();
      if (deltas === undefined) return;
      run.deltas = deltas;
      for (let next = await deltas.next(); this.run === run; next = await deltas.next()) {
        if (next.done) return this.finish(run);
        this.onDelta(run, next.value);
      }
    } catch (error) {
      this.fail(run, error);
    }
  }

  private onDelta({ gen, request }: Run, delta: LlmDelta): void {
    const { options } = this;
    if (options === null) return;
    if (delta.type === 'usage') return this.onUsage(gen, delta);
    const at = options.now();
    if (delta.type === 'text') options.dispatch({ type: 'llm-text', at, gen, request, text: delta.text });
    else options.dispatch({ type: 'llm-tool-call', at, gen, request, call: delta.call });
  }

  private onUsage(gen: number, { inputTokens, outputTokens, provider }: ModelUsage): void {
    const usage = { inputTokens, outputTokens, provider };
    if (this.draft?.gen === gen) this.draft.usage = usage;
    this.options?.onNews({ type: 'tokens', ...usage });
  }

  private finish(run: Run): void {
    this.run = null;
    this.options?.dispatch({ type: 'llm-done', at: this.options.now(), gen: run.gen, request: run.request });
  }

  private fail(run: Run, error: unknown): void {
    const { options } = this;
    if (this.run !== run || options === null) return;
    this.run = null;
    options.onError(error instanceof Error ? error : new Error(String(error)));
    const { gen, request } = run;
    options.dispatch({ type: 'llm-failed', at: options.now(), gen, request, ...restOf(error) });
  }
}

/** How long the service wants to be left alone, where the error says so. */
function restOf(error: unknown): { retryAfterMs?: Ms } {
  const retryAfterMs = error instanceof Error && 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? { retryAfterMs } : {};
}
