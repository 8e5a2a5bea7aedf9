import type { Ms, SemanticEndpointer } from '../ports.js';
import type { TurnEvent } from '../turn/events.js';

export interface EndpointerRunnerOptions {
  endpointer: SemanticEndpointer | undefined;
  now(): Ms;
  dispatch(event: TurnEvent): void;
  onError(error: Error): void;
}

/** Asks the semantic model about a transcript. Its answer may be late or never come: the rules decide without it. */
export class EndpointerRunner {
  constructor(private options: EndpointerRunnerOptions | null) {}

  ask(view: { text: string; agentLine: string; language: string }): void {
    const { options } = this;
    if (options?.endpointer === undefined) return;
    const { endpointer } = options;
    const { text } = view;
    Promise.resolve()
      .then(() => endpointer.predict(view))
      .then(
        (probability) => this.options?.dispatch({ type: 'endpoint-predicted', at: options.now(), text, probability }),
        (error: unknown) => this.options?.onError(error instanceof Error ? error : new Error(String(error))),
      );
  }

  close(): void {
    this.options = null;
  }
}
