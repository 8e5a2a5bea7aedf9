import { type Claim, type ClaimField, validateClaimValue } from '@carillon/contracts';
import type { ChatAnswer, ChatMessage } from '../model/chat-request.js';
import { nextAnswer } from '../model/dialogue/next-answer.js';

export const TODAY = '2026-11-21';
export const GREETING = 'Hello, this is Clara, the virtual assistant of Parcel Street. Do you have a moment to talk?';

/** A call in text: the part of the media worker between the model and the person, with the same prompt lines and tool results. */
export class TextCall {
  readonly messages: ChatMessage[] = [{ role: 'assistant', content: GREETING }];
  readonly claim: Claim = {};
  ended: string | null = null;
  readonly #fields: ClaimField[];
  #calls = 0;

  constructor(fields: ClaimField[]) {
    this.#fields = fields;
  }

  /** The person's words in, the agent's words out. */
  say(words: string): string {
    this.messages.push({ role: 'user', content: words });
    let said = '';
    for (let round = 0; round < 5; round += 1) {
      const answer = this.#ask();
      said = `${said} ${answer.text}`.trim();
      this.#record(answer);
      if (answer.calls.length === 0 || this.ended !== null) break;
    }
    return said;
  }

  #ask(): ChatAnswer {
    const prompt = [
      'You are Clara, a voice assistant who calls on behalf of Parcel Street. You are on the phone with a person.',
      `Speak English. Now it is ${TODAY}T10:00:00.000Z.`,
      `Fields to collect (JSON): ${JSON.stringify(this.#fields)}`,
      `Collected so far (JSON): ${JSON.stringify(this.claim)}`,
    ].join('\n');
    return nextAnswer({
      messages: [{ role: 'system', content: prompt }, ...this.messages],
      tools: ['updated_claim', 'end_call'],
      today: '2000-01-01',
    });
  }

  #record({ text, calls }: ChatAnswer): void {
    const named = calls.map((call) => ({ call, id: `call-${(this.#calls += 1)}` }));
    const toolCalls = named.map(({ call, id }) => ({
      id,
      type: 'function' as const,
      function: { name: call.name, arguments: JSON.stringify(call.arguments) },
    }));
    this.messages.push({ role: 'assistant', content: text, ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}) });
    for (const { call, id } of named) this.messages.push({ role: 'tool', tool_call_id: id, content: JSON.stringify(this.#run(call)) });
  }

  #run({ name, arguments: args }: ChatAnswer['calls'][number]): object {
    if (name === 'end_call') {
      this.ended = (args as { reason: string }).reason;
      return { ending: true };
    }
    const { updates } = args as { updates: { field: string; value: unknown }[] };
    const rejected: object[] = [];
    const updated: Claim = {};
    for (const { field: fieldName, value } of updates) {
      const field = this.#fields.find((known) => known.name === fieldName);
      const result = field ? validateClaimValue(field, value) : { ok: false as const, reason: 'There is no such field.' };
      if (result.ok) updated[fieldName] = result.value;
      else rejected.push({ field: fieldName, value, reason: result.reason });
    }
    Object.assign(this.claim, updated);
    return { updated, rejected, missing: [] };
  }
}
