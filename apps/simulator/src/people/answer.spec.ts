import { Conversation } from './answer.js';
import { addressFact, nameFact } from './facts.js';
import type { Manner } from './phrasing.js';
import { seededRandom } from './seeded-random.js';

const facts = {
  full_name: nameFact('Jane', 'Doe'),
  street_address: addressFact(412, 'Maple Street'),
  order_number: { value: '4172', spoken: ['four one seven two'] },
  consent: { value: false, spoken: ['no'] },
};
const conversation = (manner: Manner = 'terse') => new Conversation(facts, manner, seededRandom('a test'));

test('a terse person says the value and nothing else', () => {
  const jane = conversation();
  expect(jane.answer('hello this is clara could you tell me your full name please').text).toBe('jane doe');
  expect(jane.answer('thank you what is your street address').text).toBe('four one two maple street');
});

test('a chatty person leads in to the same value', () => {
  const jane = conversation('chatty');
  const answers = Array.from({ length: 20 }, () => jane.answer('could you tell me your order number').text);
  expect(answers.every((answer) => answer.endsWith('four one seven two'))).toBe(true);
  expect(new Set(answers).size).toBeGreaterThan(3);
  expect(answers).not.toContain('four one seven two');
});

test('what a person does not know, they say so plainly', () => {
  expect(conversation().answer('could you tell me your policy number').text).toBe('i do not know that');
});

test('a question that makes no sense is asked back once, and then not known', () => {
  const jane = conversation();
  expect(jane.answer('could you tell me the colour of the roof').text).toBe('sorry could you say that again');
  expect(jane.answer('could you tell me the colour of the roof').text).toBe('i do not know that');
});

test('asked to say it again without saying what, a person repeats the last answer', () => {
  const jane = conversation();
  jane.answer('what is your order number');
  expect(jane.answer('sorry i did not catch that')).toMatchObject({ text: 'four one seven two', topic: 'order_number' });
});

test('a read-back is confirmed when it is right, and mended when it is not', () => {
  const jane = conversation();
  expect(jane.answer('your order number is four one seven two is that right').text).toBe('yes that is right');
  expect(jane.answer('your order number is four one seven is that right').text).toBe('no that is not right it is four one seven two');
});

test('an acknowledgement needs no answer, and a goodbye ends the call', () => {
  const jane = conversation();
  expect(jane.answer('thank you one moment').text).toBe('');
  expect(jane.answer('thank you very much goodbye')).toMatchObject({ text: 'goodbye', closes: true });
});
