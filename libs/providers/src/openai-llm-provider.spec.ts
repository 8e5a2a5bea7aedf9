import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LlmDelta, LlmRequest } from '@carillon/pipeline';
import { VirtualClock } from '@carillon/testing';
import { OpenAiLlmProvider } from './openai-llm-provider.js';
import type { ProviderError } from './provider-error.js';

type Body = Record<string, unknown>;

let server: Server;
let clock: VirtualClock;
let provider: OpenAiLlmProvider;
let requests: { body: Body; authorization: string | undefined }[];
/** What the test's service does with a request. */
let answer: (response: ServerResponse, body: Body) => void;
let gone: Promise<void>;
/** Times that the list of models was asked for. */
let listed: number;
let connections: number;

beforeEach(async () => {
  requests = [];
  listed = 0;
  connections = 0;
  server = createServer((request, response) => void serve(request, response));
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  clock = new VirtualClock();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  provider = new OpenAiLlmProvider({ url, key: 'secret', model: 'fast-1', clock });
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.method === 'GET') {
    listed += 1;
    return void response.writeHead(404).end('no list here');
  }
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
  requests.push({ body, authorization: request.headers.authorization });
  gone = new Promise((resolve) => response.once('close', resolve));
  answer(response, body);
}

function send(response: ServerResponse, ...chunks: object[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const chunk of chunks) response.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', ...chunk })}\n\n`);
}

function end(response: ServerResponse): void {
  response.end('data: [DONE]\n\n');
}

const delta = (content: object, finish_reason: string | null = null) => ({ choices: [{ index: 0, delta: content, finish_reason }] });

const question: LlmRequest = { messages: [{ role: 'user', content: 'Hi' }], tools: [] };

async function all(deltas: AsyncIterable<LlmDelta>): Promise<LlmDelta[]> {
  const list: LlmDelta[] = [];
  for await (const one of deltas) list.push(one);
  return list;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error as ProviderError).code,
  );
}

describe('the OpenAI model', () => {
  it('streams text and tells what it used', async () => {
    answer = (response) => {
      send(
        response,
        delta({ role: 'assistant', content: '' }),
        delta({ content: 'Hello' }),
        delta({ content: ' there' }),
        delta({}, 'stop'),
      );
      send(response, { choices: [], usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } });
      end(response);
    };
    expect(await all(provider.stream(question, new AbortController().signal))).toEqual([
      { type: 'text', text: 'Hello' },
      { type: 'text', text: ' there' },
      { type: 'usage', inputTokens: 7, outputTokens: 2 },
    ]);
    expect(requests[0]).toMatchObject({
      authorization: 'Bearer secret',
      body: { model: 'fast-1', stream: true, stream_options: { include_usage: true } },
    });
    expect(requests[0]?.body).not.toHaveProperty('tools');
  });

  it('puts tool calls together out of their pieces, each as soon as it is complete', async () => {
    const part = (index: number, rest: object) => delta({ tool_calls: [{ index, ...rest }] });
    answer = (response) => {
      send(
        response,
        part(0, { id: 'a', type: 'function', function: { name: 'updated_claim', arguments: '' } }),
        part(0, { function: { arguments: '{"field":' } }),
        part(0, { function: { arguments: '"name"}' } }),
        part(1, { id: 'b', type: 'function', function: { name: 'end_call', arguments: '{}' } }),
        delta({}, 'tool_calls'),
      );
      end(response);
    };
    const tools = [{ name: 'end_call', description: 'Ends the call', parameters: { type: 'object', properties: {} } }];
    expect(await all(provider.stream({ ...question, tools }, new AbortController().signal))).toEqual([
      { type: 'tool_call', call: { id: 'a', name: 'updated_claim', arguments: '{"field":"name"}' } },
      { type: 'tool_call', call: { id: 'b', name: 'end_call', arguments: '{}' } },
    ]);
    expect(requests[0]?.body['tools']).toEqual([{ type: 'function', function: tools[0] }]);
  });

  it('hands back the history in the words of the API', async () => {
    answer = (response) => {
      send(response, delta({}, 'stop'));
      end(response);
    };
    const call = { id: 'a', name: 'end_call', arguments: '{}' };
    const messages: LlmRequest['messages'] = [
      { role: 'system', content: 'Be kind' },
      { role: 'assistant', content: 'Bye', toolCalls: [call] },
      { role: 'tool', toolCallId: 'a', content: 'done' },
    ];
    await all(provider.stream({ messages, tools: [] }, new AbortController().signal));
    expect(requests[0]?.body['messages']).toEqual([
      { role: 'system', content: 'Be kind' },
      { role: 'assistant', content: 'Bye', tool_calls: [{ id: 'a', type: 'function', function: { name: 'end_call', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'a', content: 'done' },
    ]);
  });

  it('stops asking when nobody listens any more', async () => {
    answer = (response) => send(response, delta({ content: 'Hello' }));
    const controller = new AbortController();
    const answered = all(provider.stream(question, controller.signal));
    while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('barged in'));
    await expect(answered).rejects.toThrow('barged in');
    await gone;

    for await (const _ of provider.stream(question, new AbortController().signal)) break;
    await gone;
  });

  it('gives up on a model that is too slow to begin or to go on, once, without another try', async () => {
    const responses: ServerResponse[] = [];
    answer = (response) => responses.push(response);
    const slow = codeOf(all(provider.stream(question, new AbortController().signal)));
    while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(5_000);
    expect(await slow).toBe('llm_timeout');
    expect(requests.length).toBe(1);

    answer = (response) => send(response, delta({ content: 'Well' }));
    const heard: LlmDelta[] = [];
    const stuck = (async () => {
      for await (const one of provider.stream(question, new AbortController().signal)) heard.push(one);
    })();
    const stuckCode = codeOf(stuck);
    while (heard.length === 0 || clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(3_000);
    expect(await stuckCode).toBe('llm_timeout');
  });

  it('says whether asking again may help', async () => {
    const refuse = (status: number) => {
      answer = (response) => response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":{"message":"no"}}');
      return codeOf(all(provider.stream(question, new AbortController().signal)));
    };
    for (const status of [400, 404, 413, 422]) expect(await refuse(status)).toBe('llm_rejected');
    for (const status of [401, 403]) expect(await refuse(status)).toBe('llm_refused');
    expect(await refuse(429)).toBe('llm_throttled');
    expect(await refuse(500)).toBe('llm_unavailable');
    answer = (response) => response.destroy();
    expect(await codeOf(all(provider.stream(question, new AbortController().signal)))).toBe('llm_unavailable');
  });

  it('leaves nothing behind on the signal of a long call', async () => {
    answer = (response) => {
      send(response, delta({}, 'stop'));
      end(response);
    };
    const signal = new AbortController().signal;
    let listening = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (listening++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listening--, remove(...args));
    await all(provider.stream(question, signal));
    expect(listening).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('answers in JSON after a schema, and refuses what is none', async () => {
    const complete = (content: string | null, finish_reason = 'stop') => {
      answer = (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            id: 'c',
            object: 'chat.completion',
            choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason }],
          }),
        );
      return provider.completeJson(
        { system: 'Summarise', user: 'the call', name: 'synthesis', schema: { type: 'object' } },
        new AbortController().signal,
      );
    };
    expect(await complete('{"long":"They talked"}')).toEqual({ long: 'They talked' });
    expect(requests[0]?.body['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'synthesis', schema: { type: 'object' }, strict: true },
    });
    expect(await codeOf(complete('{"long":'))).toBe('llm_bad_answer');
    expect(await codeOf(complete('{}', 'length'))).toBe('llm_bad_answer');
    expect(await codeOf(complete(null))).toBe('llm_bad_answer');
  });
});

describe('a connection that is opened ahead of need', () => {
  it('is there when the first answer is asked for, and is not opened again while there is one', async () => {
    answer = (response) => {
      send(response, delta({ content: 'Hello' }), delta({}, 'stop'));
      end(response);
    };
    provider.warm();
    provider.warm();
    while (listed === 0) await new Promise((resolve) => setImmediate(resolve));
    // the answer, which nobody reads, comes over the loop of this very process: a few turns of it
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await all(provider.stream(question, new AbortController().signal))).toContainEqual({ type: 'text', text: 'Hello' });
    provider.warm();
    expect({ listed, connections }).toEqual({ listed: 1, connections: 1 });
  });

  it('that cannot be opened harms nobody', async () => {
    const { port } = server.address() as AddressInfo;
    const away = new OpenAiLlmProvider({ url: `http://127.0.0.1:${port === 1 ? 2 : 1}/v1`, key: 'secret', model: 'fast-1', clock });
    expect(() => away.warm()).not.toThrow();
  });
});
