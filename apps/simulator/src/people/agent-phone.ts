import type { Logger } from 'pino';
import type { Callee, PhoneLine } from '../carrier/callee.js';
import type { SpeechEngines } from '../engines/speech-engines.js';
import { LineClock } from './line-clock.js';
import { liveOn, Mouth } from './mouth.js';

const RINGS_MS = 1_500;
const SPEAKS_AFTER_MS = 300;
const HELLO = 'hello this is the service desk how can i help you';
/** Nobody listens to how it goes on. */
const STAYS_MS = 8_000;

export interface AgentPhoneOptions {
  phoneE164: string;
  engines: Pick<SpeechEngines, 'synthesise'>;
  log: Logger;
}

/** The phone of somebody to whom people are put through: answered after two rings, with a greeting, and put down again soon. */
export function agentPhone({ phoneE164, engines, log }: AgentPhoneOptions): Callee {
  return {
    personId: phoneE164,
    ring: () => ({ kind: 'answer', afterMs: RINGS_MS }),
    connect: (line) => answer(line, engines, log),
  };
}

function answer(line: PhoneLine, engines: AgentPhoneOptions['engines'], log: Logger): void {
  const clock = new LineClock();
  const mouth = new Mouth(engines, line, 'slt', (error) => {
    log.error({ err: error }, 'an agent could not speak');
    line.hangUp();
  });
  clock.after(SPEAKS_AFTER_MS, () => mouth.say(HELLO));
  clock.after(STAYS_MS, () => line.hangUp());
  liveOn(line, clock, mouth);
}
