import { FLITE_VOICES, type FliteVoice } from '../engines/flite.js';
import { makeFacts } from './facts.js';
import type { Person, Temperament } from './person.js';
import { type SeededRandom, seededRandom } from './seeded-random.js';
import type { Topic } from './topic.js';

/** One entry of the people file. Facts are made from the seed and the number; `lacks` names topics that this person knows nothing of. */
export interface PersonEntry {
  phone: string;
  temperament: Temperament;
  voice: FliteVoice;
  lacks?: Topic[] | undefined;
}

export interface PopulationOptions {
  entries: readonly PersonEntry[];
  /** The same seed gives the same people with the same facts and habits. */
  seed: string;
  /** The day, as `YYYY-MM-DD`: dates that people name lie ahead of it. */
  today: () => string;
}

/** Everybody who can be called: those of the file, and for any other number somebody made up from it. */
export class Population {
  readonly #options: PopulationOptions;
  readonly #entries: ReadonlyMap<string, PersonEntry>;

  constructor(options: PopulationOptions) {
    this.#options = options;
    this.#entries = new Map(options.entries.map((entry) => [entry.phone, entry]));
  }

  /** The people of the file. */
  listed(): Person[] {
    return [...this.#entries.keys()].map((phone) => this.personAt(phone));
  }

  isListed(phoneE164: string): boolean {
    return this.#entries.has(phoneE164);
  }

  personAt(phoneE164: string): Person {
    const { seed, today } = this.#options;
    const random = seededRandom(`${seed} person ${phoneE164}`);
    const { temperament, voice, lacks = [] } = this.#entries.get(phoneE164) ?? makeUpEntry(phoneE164, random);
    const facts = Object.entries(makeFacts(random, phoneE164, today())).filter(([topic]) => !lacks.includes(topic as Topic));
    return { phoneE164, temperament, voice, facts: Object.fromEntries(facts) };
  }
}

/** Two in three of those made up talk; the others are spread like people who get such calls. */
const MADE_UP: readonly [Temperament, number][] = [
  ['chatty', 0.26],
  ['terse', 0.26],
  ['interrupts', 0.14],
  ['no-answer', 0.08],
  ['voicemail', 0.07],
  ['busy', 0.05],
  ['declines', 0.05],
  ['hangs-up', 0.03],
  ['wrong-number', 0.03],
  ['silent', 0.02],
  ['invalid', 0.01],
];

function makeUpEntry(phone: string, random: SeededRandom): PersonEntry {
  return { phone, temperament: weighted(random.next()), voice: random.pick(FLITE_VOICES) };
}

function weighted(point: number): Temperament {
  let sum = 0;
  const found = MADE_UP.find(([, weight]) => (sum += weight) > point);
  return found?.[0] ?? 'terse';
}
