import { addressFact, dateFact, emailFact, FACT_MAKERS, isOwnTopic, makeFacts, nameFact } from './facts.js';
import type { Person } from './person.js';
import { ANSWER_FRAMES, LEAD_INS, PLAIN_LINES } from './phrasing.js';
import { CITIES, DAYS_OF_YEAR, FIRST_NAMES, LAST_NAMES, STREETS } from './pools.js';
import { type SeededRandom, seededRandom } from './seeded-random.js';
import { TOPICS, type Topic } from './topic.js';

/** For each value of the people at least this many others, which nobody has, are as likely to be heard. */
export const DECOYS_PER_VALUE = 10;

/** Fewest decoys of a topic: people who are not in the file but made up from their number need as much choice. */
const MIN_DECOYS = 250;

/** Any day: the year of a date is not spoken. */
const SOME_DAY = '2000-01-01';

/** What people may say, by topic: theirs and the decoys. */
export interface SpokenValues {
  own: ReadonlySet<string>;
  decoys: ReadonlySet<string>;
}

/**
 * Everything that may be said on the callers' side, for the recogniser's language model: the people's values and at least ten times as many
 * decoys, all in the same sentences and equally often, so that the model knows what people say but not who says what.
 */
export function callerLines(people: readonly Person[]): string[] {
  const random = seededRandom('caller lines');
  const values = spokenValues(people);
  const lines = TOPICS.flatMap((topic) =>
    [...values[topic].own, ...values[topic].decoys].flatMap((value) => linesWith(topic, value, random)),
  );
  const plain = Object.values(PLAIN_LINES).flat();
  return [...lines, ...plain, ...LEAD_INS.flatMap((leadIn) => plain.map((line) => `${leadIn} ${line}`))];
}

/** The value alone, in a sentence, and in a sentence with a lead-in. */
function linesWith(topic: Topic, value: string, random: SeededRandom): string[] {
  const framed = () => random.pick(ANSWER_FRAMES[topic]).replace('{}', value);
  return [value, framed(), `${random.pick(LEAD_INS)} ${framed()}`];
}

export function spokenValues(people: readonly Person[]): Record<Topic, SpokenValues> {
  const random = seededRandom('decoys');
  const values: Partial<Record<Topic, SpokenValues>> = {};
  for (const topic of TOPICS) {
    const own = new Set(people.flatMap((person) => person.facts[topic]?.spoken ?? []));
    values[topic] = { own, decoys: decoysOf(topic, own, random) };
  }
  return values as Record<Topic, SpokenValues>;
}

function decoysOf(topic: Topic, own: ReadonlySet<string>, random: SeededRandom): Set<string> {
  const decoys = new Set(everyWord(topic));
  const wanted = Math.max(MIN_DECOYS, own.size * DECOYS_PER_VALUE);
  // Small worlds, such as yes and no or the cities, run out: then the whole world is in.
  for (let tries = 0; decoys.size < wanted && tries < wanted * 10; tries += 1)
    for (const spoken of someone(topic, random)) decoys.add(spoken);
  for (const value of own) decoys.delete(value);
  return decoys;
}

/** How somebody who does not exist would say theirs. */
function someone(topic: Topic, random: SeededRandom): readonly string[] {
  if (isOwnTopic(topic)) return FACT_MAKERS[topic](random, SOME_DAY).spoken;
  const phone = `+1${random.between(200, 999)}555${String(random.between(0, 9_999)).padStart(4, '0')}`;
  return makeFacts(random, phone, SOME_DAY)[topic]?.spoken ?? [];
}

/** So much that every word of the pools occurs: nobody can have a name that the recogniser does not know. */
function everyWord(topic: Topic): readonly string[] {
  switch (topic) {
    case 'full_name':
      return LAST_NAMES.flatMap((last, index) => [
        ...nameFact(cycle(FIRST_NAMES, index), last).spoken,
        ...nameFact(cycle(FIRST_NAMES, index + 77), last).spoken,
      ]);
    case 'first_name':
      return FIRST_NAMES.map((name) => name.toLowerCase());
    case 'last_name':
      return LAST_NAMES.map((name) => name.toLowerCase());
    case 'street_address':
      // each street after each last digit: a recogniser that never heard "four roosevelt" would rather hear a fourth digit
      return STREETS.flatMap((street, index) => houseNumbers(index).flatMap((number) => addressFact(number, street).spoken));
    case 'city':
      return CITIES.map((city) => city.toLowerCase());
    case 'date':
      return DAYS_OF_YEAR.flatMap((day) => dateFact(day, SOME_DAY).spoken);
    case 'email':
      return LAST_NAMES.flatMap((last, index) => emailFact(cycle(FIRST_NAMES, index), last, 'example.com').spoken);
    default:
      return [];
  }
}

/** One of two digits, and ten of three with each last digit. */
function houseNumbers(index: number): number[] {
  return [2 + (index % 11), ...Array.from({ length: 10 }, (_, digit) => 100 + ((index * 7 + digit * 13) % 89) * 10 + digit)];
}

function cycle(items: readonly string[], index: number): string {
  return items[index % items.length] ?? '';
}
