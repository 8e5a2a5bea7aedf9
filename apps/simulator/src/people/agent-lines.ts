import { CITIES, FIRST_NAMES, LAST_NAMES, STREETS } from './pools.js';
import { seededRandom } from './seeded-random.js';
import { addressFact, makeFacts } from './facts.js';
import {
  CLOSINGS,
  FILLERS,
  GREETINGS,
  NOUNS,
  PURPOSES,
  QUESTION_FRAMES,
  READ_BACK_FRAMES,
  REASONS,
  WHOLE_QUESTIONS,
} from './agent-vocabulary.js';

/** Values that agents may read back, of each kind. */
const READ_BACKS = 60;

/**
 * What agents of any campaign may say on the phone, for the language model of the people's ears: broad and of no campaign in particular.
 * The names of bots and companies are not in it; the recogniser hears some other words there, which do not matter.
 */
export function agentLines(): string[] {
  const indirect = WHOLE_QUESTIONS.filter((question) => /^(?:how|what|which|when|where)\b/.test(question)).flatMap((question) =>
    ['could you tell me', 'could you please tell me', 'can you tell me'].map((opener) => `${opener} ${question}`),
  );
  const questions = [
    ...NOUNS.flatMap((noun) => QUESTION_FRAMES.map((frame) => frame.replace('{}', noun))),
    ...WHOLE_QUESTIONS,
    ...indirect,
  ];
  const random = seededRandom('agent lines');
  const afterFiller = questions.map((question) => `${random.pick(FILLERS)} ${question}`);
  const afterGreeting = questions.map(
    (question) => `${random.pick(GREETINGS)} ${random.chance(0.5) ? `${random.pick(PURPOSES)} ` : ''}${question}`,
  );
  const afterReason = REASONS.flatMap((reason) => [reason, ...Array.from({ length: 30 }, () => `${reason} ${random.pick(questions)}`)]);
  const greetings = GREETINGS.flatMap((greeting) => [greeting, ...PURPOSES.map((purpose) => `${greeting} ${purpose}`)]);
  const closings = CLOSINGS.flatMap((closing) => [closing, ...FILLERS.slice(0, 6).map((filler) => `${filler} ${closing}`)]);
  return [...questions, ...afterFiller, ...afterGreeting, ...afterReason, ...greetings, ...FILLERS, ...closings, ...readBacks()];
}

function readBacks(): string[] {
  const random = seededRandom('read-backs');
  return Array.from({ length: READ_BACKS }, () =>
    makeFacts(random, `+1${random.between(200, 999)}5550${random.between(100, 999)}`, '2000-01-01'),
  )
    .flatMap((facts) => {
      const said = Object.values(facts).flatMap((fact) => fact.spoken.slice(0, 1));
      return said.map((value) => random.pick(READ_BACK_FRAMES).replace('{}', value));
    })
    .concat(everyName());
}

/** Each name of the pools once, so that a read-back can be heard at all. */
function everyName(): string[] {
  const names = LAST_NAMES.map((last, index) => `${FIRST_NAMES[index % FIRST_NAMES.length] ?? ''} ${last}`.toLowerCase());
  const places = [
    ...STREETS.flatMap((street, index) => addressFact(index + 2, street).spoken),
    ...CITIES.map((city) => city.toLowerCase()),
  ];
  return [...names, ...places].map((value) => `${value} is that right`);
}
