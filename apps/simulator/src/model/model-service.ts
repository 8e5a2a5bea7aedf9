import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { acceptsKey } from '../accepts-key.js';
import type { ChatAnswer, ChatRequest } from './chat-request.js';
import { completion, type CompletionHead, completionChunks, usageOf } from './completion-chunks.js';
import { nextAnswer } from './dialogue/next-answer.js';
import { writeSynthesis } from './dialogue/write-synthesis.js';
import { ModelFaults } from './model-faults.js';
import { faultError, ModelError, readChatRequest, sendError, sendJson } from './openai-http.js';
import { writeTranslation } from './translation/write-translation.js';

export interface ModelServiceOptions {
  key: string;
  /** From the request to the first token. */
  firstTokenMs?: number;
  /** Between two tokens. */
  tokenMs?: number;
  now?: () => Date;
  /** Rejects when the signal aborts. */
  sleep?: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

/** As fast as a good hosted model answers. */
const FIRST_TOKEN_MS = 150;
const TOKEN_MS = 8;

const MODEL = { id: 'scripted', object: 'model', created: 0, owned_by: 'carillon' };

/** A scripted model behind OpenAI's chat completions: streamed or whole, with tools, usage and JSON schemas. It knows only what it is sent. */
export class ModelService {
  readonly faults = new ModelFaults();
  readonly statistics = { requests: 0, faults: 0, aborted: 0 };
  readonly #options: Required<ModelServiceOptions>;

  constructor(options: ModelServiceOptions) {
    const sleep = async (durationMs: number, signal: AbortSignal) => sleepFor(durationMs, undefined, { signal });
    this.#options = { firstTokenMs: FIRST_TOKEN_MS, tokenMs: TOKEN_MS, now: () => new Date(), sleep, ...options };
  }

  /** Answers `/v1/…`; false when the request is for something else. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (!(request.url ?? '').startsWith('/v1/')) return false;
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    this.#route(request, response, gone.signal).catch((error: unknown) => {
      if (gone.signal.aborted) this.statistics.aborted += 1;
      else sendError(response, error);
    });
    return true;
  }

  async #route(request: IncomingMessage, response: ServerResponse, gone: AbortSignal): Promise<void> {
    if (!acceptsKey(request, this.#options.key))
      throw new ModelError(401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.');
    const route = `${request.method ?? ''} ${(request.url ?? '').split('?', 1)[0] ?? ''}`;
    if (route === 'GET /v1/models') return sendJson(response, 200, { object: 'list', data: [MODEL] });
    if (route === 'POST /v1/chat/completions') return this.#complete(await readChatRequest(request), response, gone);
    throw new ModelError(404, 'invalid_request_error', 'unknown_url', `Unknown request URL: ${route}.`);
  }

  async #complete(body: ChatRequest, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const { now, sleep, firstTokenMs } = this.#options;
    this.statistics.requests += 1;
    const fault = this.faults.take();
    if (fault) this.statistics.faults += 1;
    if (fault?.kind === 'stall') return; // the client has to lose its patience
    if (fault) throw faultError(fault.status);
    const answer = answerTo(body, now().toISOString().slice(0, 10));
    const head: CompletionHead = { id: `chatcmpl-${randomUUID()}`, model: body.model, createdSec: Math.floor(now().getTime() / 1_000) };
    await sleep(firstTokenMs, gone);
    if (body.stream === true) return this.#stream(body, head, answer, response, gone);
    sendJson(response, 200, completion(head, answer, usageOf(JSON.stringify(body.messages), answer)));
  }

  async #stream(body: ChatRequest, head: CompletionHead, answer: ChatAnswer, response: ServerResponse, gone: AbortSignal): Promise<void> {
    const usage = body.stream_options?.include_usage === true ? usageOf(JSON.stringify(body.messages), answer) : null;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    for (const chunk of completionChunks(head, answer, usage)) {
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      await this.#options.sleep(this.#options.tokenMs, gone);
    }
    response.end('data: [DONE]\n\n');
  }
}

function answerTo(body: ChatRequest, today: string): ChatAnswer {
  const { messages, response_format: format, tools } = body;
  if (format?.type === 'json_schema') return { text: JSON.stringify(writeSynthesis(messages, format.json_schema.schema)), calls: [] };
  const translation = writeTranslation(messages);
  if (translation !== null) return { text: JSON.stringify(translation), calls: [] };
  return nextAnswer({ messages, tools: (tools ?? []).map((tool) => tool.function.name), today });
}
