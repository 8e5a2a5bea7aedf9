import OpenAI, { APIError, APIUserAbortError } from 'openai';
import type { ChatCompletionChunk, ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Clock, LlmDelta, LlmProvider, LlmRequest } from '@carillon/pipeline';
import { Deadline } from './deadline.js';
import { toOpenAiMessage } from './openai-messages.js';
import { ProviderError, type ProviderErrorCode } from './provider-error.js';
import { retryAfterMs } from './retry-after.js';
import { ToolCallAssembly } from './tool-call-assembly.js';

export interface OpenAiLlmOptions {
  /** Base URL of an OpenAI-compatible API, up to and with `/v1`. */
  url: string;
  key: string;
  model: string;
  clock: Clock;
  /** From the request to the first piece of the answer. */
  firstTokenTimeoutMs?: number;
  /** Between two pieces. */
  nextTokenTimeoutMs?: number;
  /** For a whole answer that is not streamed. */
  answerTimeoutMs?: number;
  temperature?: number;
}

export interface JsonRequest {
  system: string;
  user: string;
  /** Name of the schema, for the service: letters, digits, `_` and `-`. */
  name: string;
  /** JSON schema; every object in it names all its properties as required and forbids others, as strict mode demands. */
  schema: Record<string, unknown>;
}

export const FIRST_TOKEN_TIMEOUT_MS = 5_000;
export const NEXT_TOKEN_TIMEOUT_MS = 3_000;

/** A little less than Node keeps an idle connection. */
const CONNECTION_IDLE_MS = 3_000;
const WARM_TIMEOUT_MS = 5_000;

/** Chat completions over the `openai` package. Nothing is retried here: a late retry is worse than a quick failure in a call. */
export class OpenAiLlmProvider implements LlmProvider {
  readonly #client: OpenAI;
  #askedAt = -Infinity;
  readonly #options: Required<Omit<OpenAiLlmOptions, 'temperature'>> & { temperature: number | undefined };

  constructor(options: OpenAiLlmOptions) {
    this.#options = {
      ...options,
      firstTokenTimeoutMs: options.firstTokenTimeoutMs ?? FIRST_TOKEN_TIMEOUT_MS,
      nextTokenTimeoutMs: options.nextTokenTimeoutMs ?? NEXT_TOKEN_TIMEOUT_MS,
      answerTimeoutMs: options.answerTimeoutMs ?? 60_000,
      temperature: options.temperature,
    };
    this.#client = new OpenAI({ baseURL: options.url, apiKey: options.key, maxRetries: 0, timeout: this.#options.answerTimeoutMs });
  }

  /**
   * Asks for the list of models, which is cheap and which nobody reads: what counts is that the connection, with its TLS, is there when the first
   * answer is asked for. Node closes one that was idle for 4 s.
   */
  warm(): void {
    const { clock, url, key } = this.#options;
    if (clock.now() - this.#askedAt < CONNECTION_IDLE_MS) return;
    this.#askedAt = clock.now();
    fetch(`${url}/models`, { headers: { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(WARM_TIMEOUT_MS) })
      .then((answer) => answer.arrayBuffer()) // only a body that was read leaves its connection open
      .catch(() => undefined); // the request that needs the connection will say what is wrong
  }

  async *stream(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmDelta> {
    this.#askedAt = this.#options.clock.now();
    const deadline = new Deadline(this.#options.clock, signal);
    try {
      deadline.extend(this.#options.firstTokenTimeoutMs);
      const chunks = await this.#client.chat.completions.create(this.#params(request), { signal: deadline.signal });
      yield* this.#deltas(chunks, deadline);
      signal.throwIfAborted(); // the SDK ends an aborted stream like a complete one
      if (deadline.passed) throw new ProviderError('llm_timeout');
    } catch (error) {
      throw this.#translated(error, deadline, signal);
    } finally {
      deadline.cancel(); // also when the consumer leaves early: the generator's `return` aborts the request
    }
  }

  /** One answer in JSON after the schema, parsed. What the schema cannot say is the caller's to check. */
  async completeJson(request: JsonRequest, signal: AbortSignal): Promise<unknown> {
    const deadline = new Deadline(this.#options.clock, signal);
    try {
      deadline.extend(this.#options.answerTimeoutMs);
      const answer = await this.#client.chat.completions.create(
        {
          model: this.#options.model,
          messages: [
            { role: 'system', content: request.system },
            { role: 'user', content: request.user },
          ],
          response_format: { type: 'json_schema', json_schema: { name: request.name, schema: request.schema, strict: true } },
        },
        { signal: deadline.signal },
      );
      return parsedJson(answer.choices[0]?.message.content, answer.choices[0]?.finish_reason);
    } catch (error) {
      throw this.#translated(error, deadline, signal);
    } finally {
      deadline.cancel();
    }
  }

  #params(request: LlmRequest): ChatCompletionCreateParamsStreaming {
    return {
      model: this.#options.model,
      messages: request.messages.map(toOpenAiMessage),
      stream: true,
      stream_options: { include_usage: true },
      ...(request.tools.length > 0 && { tools: request.tools.map((tool) => ({ type: 'function' as const, function: tool })) }),
      ...(this.#options.temperature !== undefined && { temperature: this.#options.temperature }),
    };
  }

  async *#deltas(chunks: AsyncIterable<ChatCompletionChunk>, deadline: Deadline): AsyncGenerator<LlmDelta> {
    const calls = new ToolCallAssembly();
    for await (const chunk of chunks) {
      deadline.pause(); // the consumer's time is not the service's
      const choice = chunk.choices[0];
      if (choice?.delta.content) yield { type: 'text', text: choice.delta.content };
      for (const part of choice?.delta.tool_calls ?? []) {
        for (const call of calls.add(part)) yield { type: 'tool_call', call };
      }
      if (choice?.finish_reason) for (const call of calls.finish()) yield { type: 'tool_call', call };
      if (chunk.usage) yield { type: 'usage', inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens };
      deadline.extend(this.#options.nextTokenTimeoutMs);
    }
    deadline.pause();
    for (const call of calls.finish()) yield { type: 'tool_call', call };
  }

  #translated(error: unknown, deadline: Deadline, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (error instanceof ProviderError) return error;
    if (deadline.passed || error instanceof APIUserAbortError) return new ProviderError('llm_timeout', '', { cause: error });
    if (!(error instanceof APIError)) return new ProviderError('llm_unavailable', '', { cause: error });
    const status: unknown = error.status;
    if (status === 429) {
      return new ProviderError('llm_throttled', 'HTTP 429', { cause: error, retryAfterMs: retryAfterMs(error.headers) });
    }
    return new ProviderError(failureCode(status), typeof status === 'number' ? `HTTP ${status}` : '', {
      cause: error,
    });
  }
}

/** What says of this one request that it is wrong: its form, its model or deployment, its length. All others of 4xx hold for every request. */
const REJECTIONS: ReadonlySet<unknown> = new Set([400, 404, 413, 422]);

function failureCode(status: unknown): ProviderErrorCode {
  if (REJECTIONS.has(status)) return 'llm_rejected';
  const refused = typeof status === 'number' && status >= 400 && status < 500 && status !== 408 && status !== 409;
  return refused ? 'llm_refused' : 'llm_unavailable';
}

function parsedJson(content: string | null | undefined, finishReason: string | undefined): unknown {
  if (!content || finishReason === 'length') throw new ProviderError('llm_bad_answer', finishReason ?? '');
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new ProviderError('llm_bad_answer', 'not JSON', { cause: error });
  }
}
