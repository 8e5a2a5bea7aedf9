import type { ClaimField } from '@carillon/contracts';
import { fieldAskedIn, fieldNoun, fieldQuestion } from './field-question.js';

const nouns: [Omit<ClaimField, 'type'>, string][] = [
  [{ name: 'full_name' }, 'your full name'],
  [{ name: 'customerName' }, 'your name'],
  [{ name: 'incident_datetime' }, 'your incident date and time'],
  [{ name: 'a', description: 'Full name of the customer' }, 'your full name'],
  [{ name: 'a', description: "The customer's date of birth" }, 'your date of birth'],
  [{ name: 'a', description: 'Order number, digits only' }, 'your order number'],
  [{ name: 'a', description: 'Date of the delivery' }, 'the date of the delivery'],
  [{ name: 'a', description: 'New delivery date' }, 'your new delivery date'],
  [{ name: 'a', description: 'The street address for the delivery' }, 'the street address for the delivery'],
  [{ name: 'a', description: 'How many guests will come' }, 'how many guests will come'],
  [{ name: 'a', description: 'Whether the customer agrees to a recording' }, 'whether you agree to a recording'],
  [
    { name: 'policy_number', description: 'A number that stands on the card and on each of the letters that we send' },
    'your policy number',
  ],
];

test.each(nouns)('%j is asked for as "%s"', (field, noun) => {
  expect(fieldNoun({ type: 'text', ...field })).toBe(noun);
});

test('questions change their words when they are asked again', () => {
  const field: ClaimField = { name: 'full_name', type: 'text' };
  const questions = [0, 1, 2].map((asked) => fieldQuestion(field, asked));
  expect(new Set(questions).size).toBe(3);
  expect(questions.every((question) => question.includes('your full name'))).toBe(true);
});

test('a choice is asked for with what there is to choose', () => {
  const field: ClaimField = { name: 'size', type: 'enum', values: ['small', 'large', 'extra_large'] };
  expect(fieldQuestion(field, 0)).toMatch(/your size, please\? Is it small, large or extra large\?$/);
});

test('a question tells which field it is for; a question that was cut short tells nothing', () => {
  const fields: ClaimField[] = [
    { name: 'name', type: 'text' },
    { name: 'first_name', type: 'text' },
    { name: 'city', type: 'text' },
  ];
  expect(fieldAskedIn('Thank you. Could you tell me your first name, please?', fields)?.name).toBe('first_name');
  expect(fieldAskedIn('Thank you. May I have your name, please?', fields)?.name).toBe('name');
  expect(fieldAskedIn('Thank you. Could you tell me your', fields)).toBeNull();
});
