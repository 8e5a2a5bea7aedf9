import type { Logger } from 'pino';
import type { PhoneLine } from '../carrier/callee.js';
import type { SpeechEngines } from '../engines/speech-engines.js';
import { Ears } from './ears.js';
import { LineClock } from './line-clock.js';
import { Mouth } from './mouth.js';
import type { Person } from './person.js';
import type { Behaviour, PhoneCall } from './phone-call.js';
import { Silent, Voicemail, WrongNumber } from './quiet-callees.js';
import type { SeededRandom } from './seeded-random.js';
import { Talker } from './talker.js';

export interface PickUpOptions {
  person: Person;
  line: PhoneLine;
  engines: Pick<SpeechEngines, 'openRecogniser' | 'synthesise'>;
  random: SeededRandom;
  log: Logger;
}

/** Gives an answered call to a person: from now on each frame of the line moves them, until the line ends. */
export function pickUp({ person, line, engines, random, log }: PickUpOptions): void {
  const clock = new LineClock();
  const mouth = new Mouth(engines, line, person.voice, (error) => {
    log.error({ err: error }, 'a simulated person could not speak');
    line.hangUp();
  });
  const behaviour = behaviourOf(person, { line, clock, mouth, random });
  const ears = new Ears(engines, {
    turnStarted: () => behaviour.agentStarted(),
    partial: (text) => behaviour.agentPartial(text),
    turnEnded: (text) => {
      log.debug({ pii: { heard: text } }, 'a simulated person heard the agent');
      behaviour.agentSaid(text);
    },
    failed: (error) => {
      log.error({ err: error }, 'a simulated person could not hear');
      line.hangUp();
    },
  });
  run({ line, clock, mouth }, behaviour, ears);
}

function run({ line, clock, mouth }: Pick<PhoneCall, 'line' | 'clock' | 'mouth'>, behaviour: Behaviour, ears: Ears): void {
  clock.after(0, () => behaviour.pickedUp());
  line.onAudio((frame) => {
    ears.hear(frame);
    mouth.tick();
    clock.tick();
  });
  line.onEnded(() => {
    clock.stop();
    mouth.stop();
    ears.close();
  });
}

function behaviourOf(person: Person, call: PhoneCall): Behaviour {
  switch (person.temperament) {
    case 'silent':
      return new Silent(call);
    case 'voicemail':
      return new Voicemail(call);
    case 'wrong-number':
      return new WrongNumber(call);
    default:
      return new Talker(call, person);
  }
}
