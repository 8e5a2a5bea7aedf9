import type { Logger } from 'pino';
import type { CallAttempt, Callee, PhoneNetwork, RingOutcome } from '../carrier/callee.js';
import type { SpeechEngines } from '../engines/speech-engines.js';
import { agentPhone } from './agent-phone.js';
import type { Temperament } from './person.js';
import { type HearingStatistics, pickUp } from './pick-up.js';
import type { Population } from './population.js';
import { type SeededRandom, seededRandom } from './seeded-random.js';

export interface PeopleNetworkOptions {
  population: Population;
  engines: Pick<SpeechEngines, 'openRecogniser' | 'synthesise'>;
  /** What people do in a call is the same in each run with the same seed, as far as the agent does the same. */
  seed: string;
  log: Logger;
}

/** The phones of the population, for the carrier to ring. */
export class PeopleNetwork implements PhoneNetwork {
  readonly statistics: HearingStatistics = { pickedUp: 0, turnsHeard: 0, messagesRecorded: 0, failures: 0 };
  readonly #options: PeopleNetworkOptions;

  constructor(options: PeopleNetworkOptions) {
    this.#options = options;
  }

  lookUp(phoneE164: string, attempt: CallAttempt): Callee {
    const { population, engines, seed } = this.#options;
    const { statistics } = this;
    const person = population.personAt(phoneE164);
    const log = this.#options.log.child({ carrierCallId: attempt.callId });
    const random = seededRandom(`${seed} call to ${phoneE164}`);
    return {
      personId: phoneE164,
      ring: () => ringOutcome(person.temperament, random),
      connect: (line) => pickUp({ person, line, engines, random, log, statistics }),
    };
  }

  /** Somebody of the file behaves as the file says: who is busy takes nobody over. Any other number is that of an agent at work. */
  agentAt(phoneE164: string): Callee {
    const { population, engines, log } = this.#options;
    if (!population.isListed(phoneE164)) return agentPhone({ phoneE164, engines, log });
    return this.lookUp(phoneE164, { callerE164: '', callId: '' });
  }
}

function ringOutcome(temperament: Temperament, random: SeededRandom): RingOutcome {
  switch (temperament) {
    case 'busy':
      return { kind: 'busy' };
    case 'no-answer':
      return { kind: 'no-answer' };
    case 'invalid':
      return { kind: 'invalid' };
    case 'declines':
      return { kind: 'decline', afterMs: random.between(1_500, 3_000) };
    default:
      return { kind: 'answer', afterMs: random.between(800, 3_500) };
  }
}
