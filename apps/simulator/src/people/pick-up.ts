import type { Logger } from 'pino';
import type { PhoneLine } from '../carrier/callee.js';
import type { SpeechEngines } from '../engines/speech-engines.js';
import { Ears } from './ears.js';
import { LineClock } from './line-clock.js';
import { liveOn, Mouth } from './mouth.js';
import type { Person } from './person.js';
import type { Behaviour, PhoneCall } from './phone-call.js';
import { Silent, Voicemail, WrongNumber } from './quiet-callees.js';
import type { SeededRandom } from './seeded-random.js';
import { Talker } from './talker.js';

/** Counted over all calls. */
export interface HearingStatistics {
  pickedUp: number;
  /** Turns of agents that were heard to their end. */
  turnsHeard: number;
  /** Voicemails to which an agent began to speak after their tone. */
  messagesRecorded: number;
  /** Engines that failed somebody, who then hung up. */
  failures: number;
}

export interface PickUpOptions {
  person: Person;
  line: PhoneLine;
  engines: Pick<SpeechEngines, 'openRecogniser' | 'synthesise'>;
  random: SeededRandom;
  log: Logger;
  statistics: HearingStatistics;
}

/** Gives an answered call to a person: from now on each frame of the line moves them, until the line ends. */
export function pickUp({ person, line, engines, random, log, statistics }: PickUpOptions): void {
  statistics.pickedUp += 1;
  const failed = (message: string) => (error: unknown) => {
    statistics.failures += 1;
    log.error({ err: error }, message);
    line.hangUp();
  };
  const clock = new LineClock();
  const mouth = new Mouth(engines, line, person.voice, failed('a simulated person could not speak'));
  const behaviour = behaviourOf(person, { line, clock, mouth, random }, () => (statistics.messagesRecorded += 1));
  const ears = new Ears(engines, {
    turnStarted: () => behaviour.agentStarted(),
    partial: (text) => behaviour.agentPartial(text),
    turnEnded: (text) => {
      statistics.turnsHeard += 1;
      log.debug({ pii: { heard: text } }, 'a simulated person heard the agent');
      behaviour.agentSaid(text);
    },
    failed: failed('a simulated person could not hear'),
  });
  run({ line, clock, mouth }, behaviour, ears);
}

function run({ line, clock, mouth }: Pick<PhoneCall, 'line' | 'clock' | 'mouth'>, behaviour: Behaviour, ears: Ears): void {
  clock.after(0, () => behaviour.pickedUp());
  const hear = (frame: Int16Array) => ears.hear(frame);
  liveOn(line, clock, mouth, hear, () => ears.close());
}

function behaviourOf(person: Person, call: PhoneCall, recorded: () => void): Behaviour {
  switch (person.temperament) {
    case 'silent':
      return new Silent(call);
    case 'voicemail':
      return new Voicemail(call, recorded);
    case 'wrong-number':
      return new WrongNumber(call);
    default:
      return new Talker(call, person);
  }
}
