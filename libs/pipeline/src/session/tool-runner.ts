import type { Claim } from '@carillon/contracts';
import type { Ms, ToolCall, ToolExecutor, ToolOutcome } from '../ports.js';
import type { TurnEvent } from '../turn/events.js';
import type { SpeechChange } from '../turn/speech.js';
import type { CallPlan } from './call-plan.js';

export interface ToolRunnerOptions {
  tools: ToolExecutor;
  speechIn: CallPlan['speechIn'];
  now(): Ms;
  dispatch(event: TurnEvent): void;
  onClaim(claim: Claim): void;
  onError(error: Error): void;
}

interface Done {
  outcome: ToolOutcome;
  speech?: SpeechChange;
}

/** Runs the tools of a generation. What a tool has changed stays changed, also when the person has interrupted meanwhile. */
export class ToolRunner {
  private abort: { gen: number; controller: AbortController } | null = null;

  constructor(private options: ToolRunnerOptions | null) {}

  run(gen: number, call: ToolCall): void {
    const { options } = this;
    if (options === null) return;
    if (this.abort?.gen !== gen) this.abort = { gen, controller: new AbortController() };
    this.settle(gen, call, this.invoke(options, call, this.abort.controller.signal));
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
  private async invoke({ tools, speechIn }: ToolRunnerOptions, call: ToolCall, signal: AbortSignal): Promise<Done> {
    const outcome = await tools.run(call, signal);
    const { language, rate } = outcome.speech ?? {};
    const inLanguage = language === undefined ? undefined : speechIn?.(language);
    if (inLanguage === undefined && rate === undefined) return { outcome };
    return { outcome, speech: { rate, inLanguage: inLanguage && { language: inLanguage.language, lines: inLanguage.lines } } };
  }

  private settle(gen: number, call: ToolCall, done: Promise<Done>): void {
    done.then(
      (result) => this.onDone(gen, call, result),
      (error: unknown) => {
        this.options?.onError(error instanceof Error ? error : new Error(String(error)));
        this.onDone(gen, call, { outcome: { content: JSON.stringify({ error: 'The tool failed; go on without it.' }) } });
      },
    );
  }

  private onDone(gen: number, call: ToolCall, { outcome, speech }: Done): void {
    const { options } = this;
    if (options === null) return;
    if (outcome.claim !== undefined) options.onClaim(outcome.claim);
    const endCall = outcome.endCall !== undefined;
    const event = { type: 'tool-done' as const, at: options.now(), gen, callId: call.id, content: outcome.content, endCall };
    options.dispatch(speech === undefined ? event : { ...event, speech });
  }
}
