import { wordsOf } from '../engines/language-model.js';
import { agentLines } from './agent-lines.js';
import { callerLines, DECOYS_PER_VALUE, spokenValues } from './caller-lines.js';
import { understand } from './comprehension.js';
import { NOUNS, QUESTION_FRAMES } from './agent-vocabulary.js';
import { makeFacts } from './facts.js';
import type { Person } from './person.js';
import { sayFact } from './phrasing.js';
import { seededRandom } from './seeded-random.js';
import { TOPICS, topicOf, type Topic } from './topic.js';

const people: Person[] = Array.from({ length: 12 }, (_, index) => {
  const phoneE164 = `+1415555${String(100 + index).padStart(4, '0')}`;
  return { phoneE164, temperament: 'chatty', voice: 'rms', facts: makeFacts(seededRandom(phoneE164), phoneE164, '2026-11-21') };
});

/** Topics with so few possible values that there is no tenfold choice. */
const SMALL_WORLDS: Topic[] = ['consent', 'party_size', 'time_of_day', 'city', 'date'];

test('for each value of the people there are ten that nobody has, or all that there can be', () => {
  const values = spokenValues(people);
  for (const topic of TOPICS) {
    if (SMALL_WORLDS.includes(topic)) continue;
    expect([topic, values[topic].decoys.size >= values[topic].own.size * DECOYS_PER_VALUE]).toEqual([topic, true]);
  }
  expect(values.date.own.size + values.date.decoys.size).toBe(365 * 2);
});

test('own values and decoys are said equally often, so that the model does not lean to the truth', () => {
  const lines = callerLines(people);
  const values = spokenValues(people).order_number;
  const count = (value: string) => lines.filter((line) => line === value || line.endsWith(` is ${value}`)).length;
  const [own = ''] = values.own;
  const [decoy = ''] = values.decoys;
  expect(count(own)).toBe(count(decoy));
});

test('every word that anybody made up may say is in the language model', () => {
  const known = new Set(callerLines(people).flatMap(wordsOf));
  const random = seededRandom('strangers');
  for (let index = 0; index < 200; index += 1) {
    const facts = makeFacts(random, `+1212555${String(index).padStart(4, '0')}`, '2026-11-21');
    for (const topic of TOPICS) {
      const fact = facts[topic];
      if (!fact) continue;
      for (const word of wordsOf(sayFact(topic, fact, 'chatty', random))) expect([word, known.has(word)]).toEqual([word, true]);
    }
  }
});

test('every question of the agents is understood as what it is about', () => {
  for (const noun of NOUNS) {
    for (const frame of QUESTION_FRAMES) {
      const question = frame.replace('{}', noun);
      expect([question, understand(question)]).toEqual([question, { kind: 'question', topic: topicOf(noun) }]);
    }
  }
});

test('the agents have thousands of sentences, all without digits', () => {
  const lines = agentLines();
  expect(new Set(lines).size).toBeGreaterThan(5_000);
  expect(lines.filter((line) => /[^a-z' ]/.test(line))).toEqual([]);
});
