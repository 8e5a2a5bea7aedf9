import type { ChatAnswer } from './chat-request.js';

/** Identity of one completion. */
export interface CompletionHead {
  id: string;
  model: string;
  /** Seconds since 1970, as OpenAI counts them. */
  createdSec: number;
}

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

interface WireCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

/** Characters of a token, on average. */
const CHARS_PER_TOKEN = 4;

export function usageOf(prompt: string, answer: ChatAnswer): Usage {
  const prompt_tokens = tokens(prompt);
  const completion_tokens = tokens(answer.text) + answer.calls.reduce((sum, call) => sum + tokens(JSON.stringify(call)), 0);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function tokens(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}

/** The whole answer as one `chat.completion`. */
export function completion(head: CompletionHead, answer: ChatAnswer, usage: Usage): object {
  const calls = wireCalls(head, answer);
  const message = {
    role: 'assistant',
    content: answer.text === '' ? null : answer.text,
    refusal: null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.createdSec,
    model: head.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(answer) }],
    usage,
  };
}

/** The answer as `chat.completion.chunk`s: a word at a time, then the calls in pieces, then the reason to finish, and the usage where asked for. */
export function* completionChunks(head: CompletionHead, answer: ChatAnswer, usage: Usage | null): Generator<object> {
  const chunk = (choices: object[], rest: object = {}) => ({
    id: head.id,
    object: 'chat.completion.chunk',
    created: head.createdSec,
    model: head.model,
    choices,
    ...(usage === null ? {} : { usage: null }),
    ...rest,
  });
  const delta = (content: object, finish_reason: string | null = null) =>
    chunk([{ index: 0, delta: content, logprobs: null, finish_reason }]);
  yield delta({ role: 'assistant', content: '' });
  for (const piece of pieces(answer.text)) yield delta({ content: piece });
  for (const [index, call] of wireCalls(head, answer).entries()) {
    yield delta({ tool_calls: [{ index, id: call.id, type: call.type, function: { name: call.function.name, arguments: '' } }] });
    for (const piece of call.function.arguments.match(/.{1,12}/gsu) ?? [])
      yield delta({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  yield delta({}, finishReason(answer));
  if (usage !== null) yield chunk([], { usage });
}

/** Words with the space before them, as tokens come. */
function pieces(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

function wireCalls({ id }: CompletionHead, { calls }: ChatAnswer): WireCall[] {
  return calls.map((call, index) => ({
    id: `call_${id.replace(/^chatcmpl-/, '')}_${index}`,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
}

function finishReason({ calls }: ChatAnswer): string {
  return calls.length > 0 ? 'tool_calls' : 'stop';
}
