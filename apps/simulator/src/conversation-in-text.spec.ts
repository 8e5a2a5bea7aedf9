import type { ClaimField } from '@carillon/contracts';
import { Conversation } from './people/answer.js';
import { expectedValue } from './people/expectations.js';
import { makeFacts } from './people/facts.js';
import type { Person } from './people/person.js';
import { seededRandom } from './people/seeded-random.js';
import { GREETING, TextCall, TODAY } from './testing/text-call.js';

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
  expect(call.say('my name is jane doe')).toMatch(
    /^(Great, thank you|Okay, thank you|Thank you|Thanks)\. .*your new delivery date, please\?$/,
  );
  call.say('march fourteenth');
  call.say('four one two maple street');
  expect(call.say('four one seven two')).toMatch(/That is all I need\. Thank you for your time\. Goodbye\.$/);
  expect(call.claim).toEqual({
    full_name: 'Jane Doe',
    delivery_date: '2027-03-14',
    street_address: '412 Maple Street',
    order_number: '4172',
  });
});

test('who asks "pardon" hears the question again, as often as it takes', () => {
  const call = new TextCall(parcelFields);
  call.say('yes');
  for (let time = 0; time < 4; time += 1)
    expect(call.say('sorry could you say that again')).toMatch(/^Of course\. .*your full name, please\?$/);
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
