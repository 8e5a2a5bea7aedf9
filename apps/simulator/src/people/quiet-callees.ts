import type { LineTimer } from './line-clock.js';
import type { Behaviour, PhoneCall } from './phone-call.js';
import { sayPlain } from './phrasing.js';

/** Those who only ever listen a little share what they ignore. */
abstract class Quiet implements Behaviour {
  protected readonly call: PhoneCall;

  constructor(call: PhoneCall) {
    this.call = call;
  }

  abstract pickedUp(): void;
  agentStarted(): void {
    // they do not care
  }
  agentPartial(_text: string): void {
    // nor for parts of it
  }
  agentSaid(_text: string): void {
    // nor for the whole
  }
}

/** Says nothing. Half of them hang up after a while, the others keep the line open. */
export class Silent extends Quiet {
  override pickedUp(): void {
    const { clock, line, random } = this.call;
    if (random.chance(0.5)) clock.after(random.between(15_000, 30_000), () => line.hangUp());
  }
}

const GREETING_AFTER_MS = 300;
const GREETING_TO_TONE_MS = 400;
const TONE = { hertz: 1_000, durationMs: 400, amplitude: 8_000 };

/** Machines stop recording an empty message after this long. */
const MAX_MESSAGE_MS = 30_000;

/** Speaks its greeting at once, whoever else is speaking, then a tone; then it records until it hangs up. */
export class Voicemail extends Quiet {
  readonly #recorded: () => void;
  #records = false;

  /** `recorded` is told once, when somebody begins to speak after the tone. */
  constructor(call: PhoneCall, recorded: () => void) {
    super(call);
    this.#recorded = recorded;
  }

  override pickedUp(): void {
    const { clock, line, mouth, random } = this.call;
    const record = () => {
      this.#records = true;
      clock.after(MAX_MESSAGE_MS, () => line.hangUp());
    };
    const sound = () => mouth.play(tone(TONE), record);
    const greet = () => mouth.say(sayPlain('voicemail', 'chatty', random), { onDone: () => clock.after(GREETING_TO_TONE_MS, sound) });
    clock.after(GREETING_AFTER_MS, greet);
  }

  override agentStarted(): void {
    if (this.#records) this.#recorded();
    this.#records = false;
  }
}

const REACTION_MS = { min: 200, max: 500 };

/** How long the agent gets to answer "you have the wrong number". */
const MAX_WAIT_FOR_REPLY_MS = 6_000;
const HANG_UP_AFTER_REPLY_MS = 500;

/** Hears who is calling, says that the number is wrong, and hangs up after the agent's answer. */
export class WrongNumber extends Quiet {
  #said = false;
  #timer: LineTimer | undefined;

  override pickedUp(): void {
    // waits to hear who it is
  }

  override agentStarted(): void {
    this.#timer?.cancel();
  }

  override agentSaid(_text: string): void {
    if (this.call.mouth.busy) return;
    if (this.#said) return this.#wait(HANG_UP_AFTER_REPLY_MS, () => this.call.line.hangUp());
    this.#wait(this.call.random.between(REACTION_MS.min, REACTION_MS.max), () => this.#sayIt());
  }

  #sayIt(): void {
    const { line, mouth, random } = this.call;
    this.#said = true;
    mouth.say(sayPlain('wrongNumber', 'chatty', random), { onDone: () => this.#wait(MAX_WAIT_FOR_REPLY_MS, () => line.hangUp()) });
  }

  #wait(delayMs: number, then: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.call.clock.after(delayMs, then);
  }
}

/** A sine, 16 kHz. */
export function tone({ hertz, durationMs, amplitude }: { hertz: number; durationMs: number; amplitude: number }): Int16Array {
  return Int16Array.from({ length: durationMs * 16 }, (_, at) => Math.round(amplitude * Math.sin((2 * Math.PI * hertz * at) / 16_000)));
}
