import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ChatRequest, chatRequestSchema } from './chat-request.js';

const MAX_BODY_BYTES = 1_000_000;

/** Told to clients that are refused for a while. */
const RETRY_AFTER_SEC = 1;

/** A refusal with the body that OpenAI sends. */
export class ModelError extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly code: string | null,
    message: string,
  ) {
    super(message);
  }
}

/** The checked body of `POST /v1/chat/completions`. Throws a ModelError. */
export async function readChatRequest(request: IncomingMessage): Promise<ChatRequest> {
  return parseBody(await readBody(request));
}

function parseBody(text: string): ChatRequest {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ModelError(400, 'invalid_request_error', null, 'We could not parse the JSON body of your request.');
  }
  const parsed = chatRequestSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ModelError(
    400,
    'invalid_request_error',
    'invalid_value',
    `Invalid value for "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`,
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ModelError(413, 'invalid_request_error', 'request_too_large', 'The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What a service says that is overloaded or broken. */
export function faultError(status: 429 | 500 | 503): ModelError {
  if (status === 429) return new ModelError(429, 'tokens', 'rate_limit_exceeded', 'Rate limit reached.');
  return new ModelError(status, 'server_error', null, 'The server had an error while processing your request.');
}

export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const known =
    error instanceof ModelError
      ? error
      : new ModelError(500, 'server_error', null, 'The server had an error while processing your request.');
  if (known.status === 429) response.setHeader('retry-after', String(RETRY_AFTER_SEC));
  sendJson(response, known.status, { error: { message: known.message, type: known.type, param: null, code: known.code } });
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
