import type { LlmDelta, LlmProvider, LlmRequest, Ms } from '../ports.js';
import type { TurnEvent } from '../turn/events.js';

export interface ModelRunnerOptions {
  llm: LlmProvider;
  now(): Ms;
  dispatch(event: TurnEvent): void;
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

  constructor(private options: ModelRunnerOptions | null) {}

  start(gen: number, request: number, body: LlmRequest): void {
    this.stop();
    const run: Run = { gen, request, abort: new AbortController(), deltas: null };
    this.run = run;
    void this.consume(run, body);
  }

  cancel(gen: number): void {
    if (this.run?.gen === gen) this.stop();
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
    if (options === null || delta.type === 'usage') return;
    const at = options.now();
    if (delta.type === 'text') options.dispatch({ type: 'llm-text', at, gen, request, text: delta.text });
    else options.dispatch({ type: 'llm-tool-call', at, gen, request, call: delta.call });
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
    options.dispatch({ type: 'llm-failed', at: options.now(), gen: run.gen, request: run.request });
  }
}
