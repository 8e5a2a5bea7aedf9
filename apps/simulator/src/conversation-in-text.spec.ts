import { type Claim, type ClaimField, validateClaimValue } from '@carillon/contracts';
import type { ChatAnswer, ChatMessage } from './model/chat-request.js';
import { nextAnswer } from './model/dialogue/next-answer.js';
import { Conversation } from './people/answer.js';
import { expectedValue } from './people/expectations.js';
import { makeFacts } from './people/facts.js';
import type { Person } from './people/person.js';
import { seededRandom } from './people/seeded-random.js';

const TODAY = '2026-11-21';
const GREETING = 'Hello, this is Clara, the virtual assistant of Parcel Street. Do you have a moment to talk?';

/** A call in text: the part of the media worker between the model and the person, with the same prompt lines and tool results. */
class TextCall {
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
    return nextAnswer({ messages: [{ role: 'system', content: prompt }, ...this.messages], tools: ['updated_claim', 'end_call'], today: '2000-01-01' });
  }

  #record({ text, calls }: ChatAnswer): void {
    const named = calls.map((call) => ({ call, id: `call-${(this.#calls += 1)}` }));
    const toolCalls = named.map(({ call, id }) => ({ id, type: 'function' as const, function: { name: call.name, arguments: JSON.stringify(call.arguments) } }));
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

const parcelFields: ClaimField[] = [
  { name: 'full_name', type: 'text', description: 'Full name of the customer' },
  { name: 'delivery_date', type: 'datetime', description: 'New delivery date' },
  { name: 'street_address', type: 'text' },
  { name: 'order_number', type: 'text', description: 'Order number, digits only' },
];

const everyField: ClaimField[] = [
  { name: 'first_name', type: 'text' },
  { name: 'birth_date', type: 'datetime', description: "The customer's date of birth" },
  { name: 'contact_email', type: 'email' },
  { name: 'callback_phone', type: 'phone_number', description: 'Phone number for questions' },
  { name: 'city', type: 'text' },
  { name: 'zip_code', type: 'text' },
  { name: 'customer_number', type: 'number' },
  { name: 'policy_number', type: 'text' },
  { name: 'case_reference', type: 'text', description: 'Reference of the case' },
  { name: 'guests', type: 'number', description: 'How many guests will come' },
  { name: 'preferred_time', type: 'text' },
  { name: 'visit', type: 'datetime', description: 'Date and time of the visit' },
  { name: 'recording', type: 'boolean', description: 'Whether the customer agrees to a recording' },
];

function somebody(seed: number): Person {
  const phoneE164 = `+1415555${String(100 + seed).padStart(4, '0')}`;
  return { phoneE164, temperament: 'chatty', voice: 'rms', facts: makeFacts(seededRandom(`somebody ${seed}`), phoneE164, TODAY) };
}

function hold(person: Person, fields: ClaimField[], manner: 'chatty' | 'terse'): TextCall {
  const call = new TextCall(fields);
  const talk = new Conversation(person.facts, manner, seededRandom(person.phoneE164));
  let said = talk.answer(GREETING).text;
  for (let turn = 0; turn < 40 && call.ended === null; turn += 1) {
    const answer = talk.answer(call.say(said));
    said = answer.text;
  }
  return call;
}

test.each([
  ['parcel', parcelFields, 'chatty' as const],
  ['parcel', parcelFields, 'terse' as const],
  ['every', everyField, 'chatty' as const],
  ['every', everyField, 'terse' as const],
])('the model collects the %s fields from whoever answers, one question for each', (_, fields, manner) => {
  for (let seed = 0; seed < 30; seed += 1) {
    const person = somebody(seed);
    const call = hold(person, fields, manner);
    const expected = Object.fromEntries(fields.map((field) => [field.name, expectedValue(person, field)]));
    expect(call.claim).toEqual(expected);
    expect(call.ended).toBe('nothing is left to ask');
    expect(call.messages.filter(({ role }) => role === 'user')).toHaveLength(fields.length + 1);
  }
});

test('the questions are natural, and the last answer is thanked for', () => {
  const call = new TextCall(parcelFields);
  expect(call.say('yes sure go ahead')).toBe('Great. Could you tell me your full name, please?');
  expect(call.say('my name is jane doe')).toMatch(/^(Great, thank you|Okay, thank you|Thank you|Thanks)\. .*your new delivery date, please\?$/);
  call.say('march fourteenth');
  call.say('four one two maple street');
  expect(call.say('four one seven two')).toMatch(/That is all I need\. Thank you for your time\. Goodbye\.$/);
  expect(call.claim).toEqual({ full_name: 'Jane Doe', delivery_date: '2027-03-14', street_address: '412 Maple Street', order_number: '4172' });
});

test('who asks "pardon" hears the question again, as often as it takes', () => {
  const call = new TextCall(parcelFields);
  call.say('yes');
  for (let time = 0; time < 4; time += 1) expect(call.say('sorry could you say that again')).toMatch(/^Of course\. .*your full name, please\?$/);
  call.say('jane doe');
  expect(call.claim).toEqual({ full_name: 'Jane Doe' });
});

test('a refused value is asked for again with the reason', () => {
  const call = new TextCall([{ name: 'phone', type: 'phone_number' }]);
  call.say('yes');
  expect(call.say('one one one one one one one one one one')).toContain('Sorry, that does not seem to be a valid phone number.');
  call.say('four one five five five five oh one four two');
  expect(call.claim).toEqual({ phone: '+14155550142' });
});

test('a field is given up after three answers that hold nothing, and the conversation goes on', () => {
  const call = new TextCall(parcelFields);
  call.say('yes');
  expect(call.say('bananas are great at this time of year you know')).toMatch(/^Sorry, I did not catch that\./);
  call.say('the weather is what it is');
  expect(call.say('all the birds are singing about it')).toMatch(/^Never mind\. .*your new delivery date/);
});

test('the third answer still counts when it holds the value', () => {
  const call = new TextCall(parcelFields);
  call.say('yes');
  call.say('bananas are great at this time of year you know');
  call.say('the weather is what it is');
  call.say('jane doe');
  expect(call.claim).toEqual({ full_name: 'Jane Doe' });
});

test('what somebody does not know is not asked again', () => {
  const call = new TextCall(parcelFields);
  call.say('yes');
  call.say('jane doe');
  expect(call.say('i do not know that')).toMatch(/^That is all right\. .*your street address/);
  expect(call.claim).toEqual({ full_name: 'Jane Doe' });
});

test.each([
  ['sorry you have the wrong number', 'wrong number', /trouble. Goodbye\.$/],
  ['i am not interested stop calling me', 'the person does not want to talk', /bothered you\. Goodbye\.$/],
  ['okay goodbye', 'the person said goodbye', /Goodbye\.$/],
])('"%s" ends the call', (words, reason, text) => {
  const call = new TextCall(parcelFields);
  expect(call.say(words)).toMatch(text);
  expect(call.ended).toBe(reason);
});

test('who asks who is calling is told', () => {
  const call = new TextCall(parcelFields);
  expect(call.say('hello who is there')).toMatch(/^This is Clara, calling for Parcel Street\. .*your full name/);
});

test('an answer into a question that was cut short counts for that question', () => {
  const call = new TextCall(parcelFields);
  call.say('yes');
  call.say('jane doe');
  const last = call.messages.at(-1);
  if (last?.role === 'assistant') last.content = 'Thank you. May I';
  call.say('march fourteenth');
  expect(call.claim).toEqual({ full_name: 'Jane Doe', delivery_date: '2027-03-14' });
});

test('the words of an answering machine bring no values, and the questions go on', () => {
  const call = new TextCall(parcelFields);
  const said = call.say('you have reached my voice mail please leave your name and number after the tone');
  expect(said).toContain('your full name');
  expect(call.claim).toEqual({});
});

test('with nothing to collect the call is closed', () => {
  const call = new TextCall([]);
  expect(call.say('yes hello')).toMatch(/Goodbye\.$/);
  expect(call.ended).not.toBeNull();
});
