import type { Logger } from 'pino';
import type { CallAttempt, Callee, PhoneLine, PhoneNetwork, RingOutcome } from '../carrier/callee.js';
import type { SpeechEngines } from '../engines/speech-engines.js';
import { agentPhone } from './agent-phone.js';
import { LineClock } from './line-clock.js';
import { liveOn, Mouth } from './mouth.js';
import { tone } from './quiet-callees.js';
import { type SeededRandom, seededRandom } from './seeded-random.js';

/** What comes of ringing a phone of the crowd. */
export const CROWD_HABITS = ['talks', 'voicemail', 'silent', 'busy', 'no-answer', 'declines', 'invalid'] as const;
export type CrowdHabit = (typeof CROWD_HABITS)[number];

/** How many of a hundred calls, or of any other number: only the proportions count. */
export type CrowdMix = ReadonlyMap<CrowdHabit, number>;

/** Milliseconds, both included. */
export interface Range {
  min: number;
  max: number;
}

export interface CrowdOptions {
  mix: CrowdMix;
  /** How long a phone rings until it is answered or declined. */
  ringMs: Range;
  /** From picking up to hanging up. */
  talkMs: Range;
  engines: Pick<SpeechEngines, 'synthesise'>;
  seed: string;
  log: Logger;
}

const VOICE = 'rms';
const HELLO_AFTER_MS = 400;
const HELLO = ['hello', 'yes hello', 'hello who is it'];
const GOODBYE = ['i have no time right now goodbye', 'thank you that is all goodbye', 'please call another day goodbye'];
const GREETING = 'this is voice mail please leave a message after the tone';
const TONE = { hertz: 1_000, durationMs: 400, amplitude: 8_000 };

/**
 * Phones for runs with many calls: whoever answers says hello, then goodbye, and hangs up within seconds. They do not listen, which spares the machine a
 * recogniser each. Each call to a number is drawn anew, so somebody who was busy may answer the next time.
 */
export class Crowd implements PhoneNetwork {
  readonly statistics = { pickedUp: 0, failures: 0 };
  readonly #options: CrowdOptions;
  readonly #calls = new Map<string, number>();

  constructor(options: CrowdOptions) {
    this.#options = options;
  }

  lookUp(phoneE164: string, _attempt: CallAttempt): Callee {
    const { seed, mix, ringMs } = this.#options;
    const call = (this.#calls.get(phoneE164) ?? 0) + 1;
    this.#calls.set(phoneE164, call);
    const random = seededRandom(`${seed} call ${call} to ${phoneE164}`);
    const habit = drawn(mix, random.next());
    return {
      personId: phoneE164,
      ring: () => ringOutcome(habit, random.between(ringMs.min, ringMs.max)),
      connect: (line) => this.#pickUp(line, habit, random),
    };
  }

  agentAt(phoneE164: string): Callee {
    return agentPhone({ phoneE164, ...this.#options });
  }

  #pickUp(line: PhoneLine, habit: CrowdHabit, random: SeededRandom): void {
    const { engines, talkMs, log } = this.#options;
    this.statistics.pickedUp += 1;
    const clock = new LineClock();
    const mouth = new Mouth(engines, line, VOICE, (error) => {
      this.statistics.failures += 1;
      log.error({ err: error }, 'somebody in the crowd could not speak');
      line.hangUp();
    });
    const lastsMs = random.between(talkMs.min, talkMs.max);
    const hangUp = () => line.hangUp();
    if (habit === 'voicemail') mouth.say(GREETING, { onDone: () => mouth.play(tone(TONE)) });
    if (habit === 'talks') clock.after(HELLO_AFTER_MS, () => mouth.say(random.pick(HELLO)));
    clock.after(lastsMs, habit === 'talks' ? () => mouth.say(random.pick(GOODBYE), { onDone: hangUp }) : hangUp);
    liveOn(line, clock, mouth);
  }
}

function ringOutcome(habit: CrowdHabit, afterMs: number): RingOutcome {
  switch (habit) {
    case 'busy':
    case 'no-answer':
    case 'invalid':
      return { kind: habit };
    case 'declines':
      return { kind: 'decline', afterMs };
    default:
      return { kind: 'answer', afterMs };
  }
}

/** `point` in [0, 1). */
function drawn(mix: CrowdMix, point: number): CrowdHabit {
  const total = [...mix.values()].reduce((sum, share) => sum + share, 0);
  let sum = 0;
  const found = [...mix].find(([, share]) => (sum += share) > point * total);
  return found?.[0] ?? 'talks';
}
