import type { Claim } from '@carillon/contracts';
import type { Ms, ToolCall, ToolExecutor, ToolOutcome } from '../ports.js';
import type { TurnEvent } from '../turn/events.js';

export interface ToolRunnerOptions {
  tools: ToolExecutor;
  now(): Ms;
  dispatch(event: TurnEvent): void;
  onClaim(claim: Claim): void;
  onError(error: Error): void;
}

/** Runs the tools of a generation. What a tool has changed stays changed, also when the person has interrupted meanwhile. */
export class ToolRunner {
  private abort: { gen: number; controller: AbortController } | null = null;

  constructor(private options: ToolRunnerOptions | null) {}

  run(gen: number, call: ToolCall): void {
    const { options } = this;
    if (options === null) return;
    if (this.abort?.gen !== gen) this.abort = { gen, controller: new AbortController() };
    this.settle(gen, call, this.invoke(options.tools, call, this.abort.controller.signal));
  }

  cancel(gen: number): void {
    if (this.abort?.gen !== gen) return;
    this.abort.controller.abort();
    this.abort = null;
  }

  close(): void {
    this.abort?.controller.abort();
    this.abort = null;
    this.options = null;
  }

  /** A tool that throws before its first await is a tool that failed, no more. */
  private async invoke(tools: ToolExecutor, call: ToolCall, signal: AbortSignal): Promise<ToolOutcome> {
    return tools.run(call, signal);
  }

  private settle(gen: number, call: ToolCall, outcome: Promise<ToolOutcome>): void {
    outcome.then(
      (done) => this.onDone(gen, call, done),
      (error: unknown) => {
        this.options?.onError(error instanceof Error ? error : new Error(String(error)));
        this.onDone(gen, call, { content: JSON.stringify({ error: 'The tool failed; go on without it.' }) });
      },
    );
  }

  private onDone(gen: number, call: ToolCall, outcome: ToolOutcome): void {
    const { options } = this;
    if (options === null) return;
    if (outcome.claim !== undefined) options.onClaim(outcome.claim);
    const endCall = outcome.endCall !== undefined;
    options.dispatch({ type: 'tool-done', at: options.now(), gen, callId: call.id, content: outcome.content, endCall });
  }
}
