import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { ModelService } from './model-service.js';

const KEY = 'a-key-for-tests';
const PROMPT = 'Fields to collect (JSON): [{"name":"order_number","type":"text"}]\nCollected so far (JSON): {}';
const tools: OpenAI.ChatCompletionTool[] = ['updated_claim', 'end_call', 'get_weather'].map((name) => ({
  type: 'function',
  function: { name, parameters: {} },
}));
const conversation: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'system', content: PROMPT },
  { role: 'assistant', content: 'Could you tell me your order number, please?' },
  { role: 'user', content: 'it is four one seven two' },
];

let server: Server;
let service: ModelService;
let baseURL: string;
let slept: number[];

beforeEach(async () => {
  slept = [];
  service = new ModelService({
    key: KEY,
    now: () => new Date('2026-11-21T10:00:00Z'),
    sleep: (durationMs) => {
      slept.push(durationMs);
      return Promise.resolve();
    },
  });
  server = createServer((request, response) => void (service.handle(request, response) || response.writeHead(404).end()));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const client = (apiKey = KEY) => new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 2_000 });

test('the openai package streams words, a tool call in pieces, and the usage', async () => {
  const stream = await client().chat.completions.create({
    model: 'scripted',
    messages: conversation,
    tools,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  const call = { id: '', name: '', arguments: '' };
  let finish: string | null = null;
  let usage = 0;
  for await (const chunk of stream) {
    const choice = chunk.choices[0];
    text += choice?.delta.content ?? '';
    for (const piece of choice?.delta.tool_calls ?? []) {
      call.id += piece.id ?? '';
      call.name += piece.function?.name ?? '';
      call.arguments += piece.function?.arguments ?? '';
    }
    finish = choice?.finish_reason ?? finish;
    usage += chunk.usage?.total_tokens ?? 0;
  }
  expect(text).toMatch(/[Tt]hank/);
  expect(call).toMatchObject({ name: 'updated_claim', arguments: '{"updates":[{"field":"order_number","value":"4172"}]}' });
  expect(call.id).not.toBe('');
  expect(finish).toBe('tool_calls');
  expect(usage).toBeGreaterThan(0);
});

test('the first token takes its time, the others follow at their pace', async () => {
  const stream = await client().chat.completions.create({ model: 'scripted', messages: conversation, tools, stream: true });
  for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
  expect(slept[0]).toBe(150);
  expect(slept.slice(1).every((ms) => ms === 8)).toBe(true);
});

test('after the tool has answered, the call is closed with a goodbye and a reason', async () => {
  const answer = await client().chat.completions.create({
    model: 'scripted',
    tools,
    messages: [
      ...conversation,
      {
        role: 'assistant',
        content: 'Thank you.',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'updated_claim', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: '{"updated":{"order_number":"4172"},"rejected":[],"missing":[]}' },
    ],
  });
  expect(answer.choices[0]?.message.content).toMatch(/Goodbye\.$/);
  expect(answer.choices[0]?.message.tool_calls).toHaveLength(1);
  expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({
    function: { name: 'end_call', arguments: '{"reason":"nothing is left to ask"}' },
  });
});

test('functions that are not offered are not called', async () => {
  const answer = await client().chat.completions.create({ model: 'scripted', messages: conversation });
  expect(answer.choices[0]?.message.tool_calls).toBeUndefined();
  expect(answer.choices[0]?.finish_reason).toBe('stop');
});

test('a request for JSON gets an object after its schema, with facts of the transcript only', async () => {
  const schema = {
    type: 'object',
    properties: {
      short: { type: 'string' },
      long: { type: 'string' },
      satisfaction: { type: 'string', enum: ['terrible', 'low', 'partial', 'high', 'unknown'] },
      improvement_suggestions: { type: 'string' },
      tags: { type: 'array', items: { type: 'string' } },
      score: { type: 'integer', minimum: 1 },
    },
  };
  const answer = await client().chat.completions.create({
    model: 'scripted',
    messages: [
      { role: 'system', content: 'Summarise the call.' },
      {
        role: 'user',
        content:
          'Collected (JSON): {"order_number":"4172"}\nassistant: Could you tell me your order number?\nhuman: four one seven two thank you',
      },
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'synthesis', schema, strict: true } },
  });
  expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({
    short: 'Collected: order number.',
    long: 'The agent spoke once and the person once. Data collected:\n- order number: 4172',
    satisfaction: 'high',
    improvement_suggestions: 'None from this call.',
    tags: [],
    score: 1,
  });
});

test('the models are listed', async () => {
  const models = await client().models.list();
  expect(models.data.map(({ id }) => id)).toEqual(['scripted']);
});

test('a wrong key, a wrong body and an unknown path are refused as OpenAI refuses them', async () => {
  await expect(client('wrong').models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  await expect(client().chat.completions.create({ model: 'scripted', messages: [] })).rejects.toMatchObject({
    status: 400,
    code: 'invalid_value',
  });
  await expect(client().embeddings.create({ model: 'scripted', input: 'a' })).rejects.toMatchObject({ status: 404 });
  const garbage = await fetch(`${baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: 'garbage',
  });
  expect(garbage.status).toBe(400);
});

test('faults come on demand and go by themselves', async () => {
  service.faults.set({ kind: 'status', status: 429 }, 1);
  await expect(client().chat.completions.create({ model: 'scripted', messages: conversation })).rejects.toMatchObject({ status: 429 });
  await expect(client().chat.completions.create({ model: 'scripted', messages: conversation })).resolves.toBeDefined();
  service.faults.set({ kind: 'status', status: 500 }, 1);
  await expect(client().chat.completions.create({ model: 'scripted', messages: conversation })).rejects.toMatchObject({ status: 500 });
  service.faults.set({ kind: 'stall' }, 1);
  const impatient = client().chat.completions.create({ model: 'scripted', messages: conversation }, { timeout: 50 });
  await expect(impatient).rejects.toThrow();
  expect(service.statistics.faults).toBe(3);
});
