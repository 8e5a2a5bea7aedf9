import { understand } from './comprehension.js';
import type { Topic } from './topic.js';

const questions: [string, Topic][] = [
  ['hello this is clara calling from parcel street could you tell me your full name please', 'full_name'],
  ['hello my name is clara could you please give me your order number', 'order_number'],
  ['thank you and what is your street address', 'street_address'],
  ['great on which day would you like your delivery', 'date'],
  ['what date would suit you for the appointment', 'date'],
  ['when were you born', 'birth_date'],
  ['could you give me your date of birth', 'birth_date'],
  ['what is the best phone number to reach you', 'phone_number'],
  ['what number can we call you back on', 'phone_number'],
  ['may i have your email address', 'email'],
  ['what city do you live in', 'city'],
  ['how many people will be there', 'party_size'],
  ['what time of day would you prefer', 'time_of_day'],
  ['could you tell me the date and time of your visit', 'date_and_time'],
  ['i still need your policy number', 'policy_number'],
  ['sorry i did not catch that could you tell me your customer number please', 'customer_number'],
  ['would you like us to leave it with a neighbour', 'consent'],
  ['do you agree to a recording of this call', 'consent'],
  ['sorry i did not catch that could you please tell me whether you agree to a recording', 'consent'],
  ['your zip code please', 'postal_code'],
  ['i am calling about your order could you tell me your full name please', 'full_name'],
];

test.each(questions)('"%s" asks for %s', (text, topic) => {
  expect(understand(text)).toEqual({ kind: 'question', topic });
});

test.each([
  ['thank you', 'filler'],
  ['okay one moment please', 'filler'],
  ['thank you very much goodbye', 'goodbye'],
  ['that is everything thank you for your time and have a nice day', 'goodbye'],
  ['thank you that is all i need thank you for your time goodbye', 'goodbye'],
  ['hello again this is clara shall we go on where we stopped', 'ready'],
  ['are you still there', 'still-there'],
  ['sorry could you say that again please', 'say-again'],
  ['do you have a moment', 'ready'],
  ['is there anything else i can do for you', 'anything-else'],
  ['could you tell me the colour of the roof', 'unknown-question'],
  ['hello this is clara calling from parcel street', 'greeting'],
  ['good morning my name is clara how can i help you', 'greeting'],
  ['', 'unclear'],
  ['la la la', 'unclear'],
])('"%s" is taken as %s', (text, kind) => {
  expect(understand(text).kind).toBe(kind);
});

test('a read-back is told from a question, with the topic where one is named', () => {
  expect(understand('so your order number is four one seven two is that right')).toEqual({ kind: 'read-back', topic: 'order_number' });
  expect(understand('march fourteenth is that correct')).toEqual({ kind: 'read-back', topic: null });
});

test('the last question counts when two are asked', () => {
  expect(understand('what is your name no wait what is your city')).toEqual({ kind: 'question', topic: 'city' });
});
