import type { PhoneLine } from '../carrier/callee.js';
import type { LineClock } from './line-clock.js';
import type { Mouth } from './mouth.js';
import type { SeededRandom } from './seeded-random.js';

/** What somebody who has picked up has to work with. */
export interface PhoneCall {
  line: PhoneLine;
  clock: LineClock;
  mouth: Mouth;
  random: SeededRandom;
}

/** How somebody who has picked up behaves. Everything comes from the line: frames pass, the agent is heard. */
export interface Behaviour {
  /** Once, with the first frame. */
  pickedUp(): void;
  agentStarted(): void;
  /** The agent's turn so far; may still change. */
  agentPartial(text: string): void;
  agentSaid(text: string): void;
}
