import type { Fact } from './facts.js';
import type { SeededRandom } from './seeded-random.js';
import type { Topic } from './topic.js';

/** What talkative people put before an answer. */
export const LEAD_INS = ['well let me see', 'sure', 'yes of course', 'okay one moment', 'all right', 'oh yes', 'yes sure'] as const;

/** `{}` stands for the value. */
export const ANSWER_FRAMES: Readonly<Record<Topic, readonly string[]>> = {
  full_name: ['my name is {}', 'the name is {}', 'it is {}'],
  first_name: ['my first name is {}', 'it is {}'],
  last_name: ['my last name is {}', 'it is {}'],
  street_address: ['i live at {}', 'my address is {}', 'it is {}'],
  city: ['i live in {}', 'the city is {}', 'that would be {}'],
  postal_code: ['my zip code is {}', 'it is {}'],
  birth_date: ['i was born on {}', 'my birthday is {}', 'it is {}'],
  date: ['that would be {}', 'it is {}', 'let us say {}'],
  time_of_day: ['that would be {}', 'at {}', 'let us say {}'],
  date_and_time: ['that would be {}', 'it is {}', 'let us say {}'],
  order_number: ['the number is {}', 'my order number is {}', 'it is {}'],
  customer_number: ['the number is {}', 'my customer number is {}', 'it is {}'],
  policy_number: ['the number is {}', 'my policy number is {}', 'it is {}'],
  reference_number: ['the number is {}', 'my reference is {}', 'it is {}'],
  party_size: ['there will be {} of us', 'it is {}', 'that would be {}'],
  phone_number: ['my number is {}', 'you can call me at {}', 'it is {}'],
  email: ['my email is {}', 'my email address is {}', 'it is {}'],
  consent: ['{}'],
};

/** Lines that hold no facts. The first of each list is what terse people say. */
export const PLAIN_LINES = {
  hello: ['hello', 'hello who is there'],
  helloBack: ['yes hello', 'hello yes speaking'],
  sayAgain: ['sorry could you say that again', 'pardon could you repeat that please'],
  doNotKnow: ['i do not know that', 'sorry i do not know that'],
  nothingElse: ['no thank you', 'no that is all thank you'],
  goodbye: ['goodbye', 'thank you goodbye', 'okay bye bye'],
  stillHere: ['yes i am here', 'yes i am still here'],
  ready: ['yes', 'yes sure go ahead'],
  right: ['yes that is right', 'yes that is correct'],
  wrong: ['no that is not right', 'no that is wrong'],
  areYouThere: ['hello are you still there', 'hello is anybody there'],
  butIn: ['wait a moment please', 'just a moment please'],
  wrongNumber: ['sorry you have the wrong number', 'i think you have the wrong number'],
  voicemail: [
    'hello i am not able to come to the phone right now please leave a message after the tone',
    'you have reached my voice mail please leave your name and number after the tone',
  ],
} as const;

export type PlainLine = keyof typeof PLAIN_LINES;

export type Manner = 'chatty' | 'terse';

export function sayFact(topic: Topic, fact: Fact, manner: Manner, random: SeededRandom): string {
  const value = random.pick(fact.spoken);
  if (manner === 'terse') return value;
  const sentence = random.pick(ANSWER_FRAMES[topic]).replace('{}', value);
  return random.chance(0.7) ? `${random.pick(LEAD_INS)} ${sentence}` : sentence;
}

export function sayPlain(line: PlainLine, manner: Manner, random: SeededRandom): string {
  return manner === 'terse' ? PLAIN_LINES[line][0] : random.pick<string>(PLAIN_LINES[line]);
}
