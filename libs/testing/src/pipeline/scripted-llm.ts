import type { Clock, LlmDelta, LlmProvider, LlmRequest, Ms } from '@carillon/pipeline';
import { waitOn } from './wait-on.js';

export interface ScriptedAnswer {
  text?: string | undefined;
  calls?: readonly { name: string; arguments: unknown }[] | undefined;
  ttftMs?: Ms | undefined;
  /** Throws: before anything is written, or after the text. */
  fails?: 'at-once' | 'after-text' | undefined;
  /** What it throws then. */
  error?: Error | undefined;
  /** Writes nothing more, for ever: before anything is written, or after the text. */
  hangs?: 'at-once' | 'after-text' | undefined;
}

export type LlmScript = (request: LlmRequest, ordinal: number) => string | ScriptedAnswer;

export interface ScriptedLlmOptions {
  clock: Clock;
  /** Answers in the order of the requests, or a function. After the last one the model says "All right." */
  answers: readonly (string | ScriptedAnswer)[] | LlmScript;
  /** Time to the first token. */
  ttftMs?: Ms | undefined;
  /** Between two tokens. */
  tokenMs?: Ms | undefined;
  /** Words in one token: more of them cost less in a load test. */
  wordsPerToken?: number | undefined;
}

/** A model that streams what its script says, and keeps what it was asked. */
export class ScriptedLlm implements LlmProvider {
  readonly requests: LlmRequest[] = [];
  /** Streams that were broken off. */
  aborted = 0;
  private callIds = 0;

  constructor(private readonly options: ScriptedLlmOptions) {}

  async *stream(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmDelta> {
    const answer = this.answerTo(request);
    try {
      yield* this.deltas(answer, signal);
    } finally {
      if (signal.aborted) this.aborted += 1;
    }
  }

  private answerTo(request: LlmRequest): ScriptedAnswer {
    const { answers } = this.options;
    const ordinal = this.requests.length;
    this.requests.push(request);
    const answer = (typeof answers === 'function' ? answers(request, ordinal) : answers[ordinal]) ?? 'All right.';
    return typeof answer === 'string' ? { text: answer } : answer;
  }

  private async *deltas(answer: ScriptedAnswer, signal: AbortSignal): AsyncIterable<LlmDelta> {
    const { clock, ttftMs = 200, tokenMs = 15, wordsPerToken = 1 } = this.options;
    if (answer.hangs === 'at-once') await waitOn(clock, Infinity, signal);
    await waitOn(clock, answer.ttftMs ?? ttftMs, signal);
    if (answer.fails === 'at-once') throw answer.error ?? new Error('scripted model failure');
    const tokens = tokensOf(answer.text ?? '', wordsPerToken);
    for (const [index, text] of tokens.entries()) {
      if (index > 0) await waitOn(clock, tokenMs, signal);
      yield { type: 'text', text };
    }
    if (answer.hangs === 'after-text') await waitOn(clock, Infinity, signal);
    if (answer.fails === 'after-text') throw answer.error ?? new Error('scripted model failure');
    for (const call of answer.calls ?? []) yield this.toolCall(call);
    yield { type: 'usage', inputTokens: 0, outputTokens: tokens.length };
  }

  private toolCall(call: { name: string; arguments: unknown }): LlmDelta {
    this.callIds += 1;
    return { type: 'tool_call', call: { id: `call-${this.callIds}`, name: call.name, arguments: JSON.stringify(call.arguments) } };
  }
}

function tokensOf(text: string, wordsPerToken: number): string[] {
  const words = text.match(/\S+\s*/g) ?? [];
  const count = Math.ceil(words.length / wordsPerToken);
  return Array.from({ length: count }, (_, index) => words.slice(index * wordsPerToken, (index + 1) * wordsPerToken).join(''));
}
