import type { Callee, CallAttempt, PhoneLine, PhoneNetwork, RingOutcome } from '../callee.js';

/** A phone that does what the test tells it, and remembers what it heard. */
export class ScriptedPhone implements Callee {
  rings = 0;
  readonly heard: Int16Array[] = [];
  ended = false;
  line: PhoneLine | null = null;
  #onFrame: (() => void)[] = [];

  constructor(
    readonly personId: string,
    private readonly outcome: RingOutcome,
    private readonly onConnected: (line: PhoneLine) => void = () => undefined,
  ) {}

  ring(): RingOutcome {
    this.rings++;
    return this.outcome;
  }

  connect(line: PhoneLine): void {
    this.line = line;
    line.onAudio((frame) => {
      this.heard.push(frame);
      this.#onFrame.splice(0).forEach((check) => check());
    });
    line.onEnded(() => void (this.ended = true));
    this.onConnected(line);
  }

  /** Heard so far, without the silence around it. */
  get heardSamples(): number[] {
    return this.heard.flatMap((frame) => [...frame]).filter((sample) => sample !== 0);
  }

  /** Once `condition` holds; looked at with each frame that the phone hears. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((next) => this.#onFrame.push(next));
  }
}

/** Phones by number; a number that nobody set up answers at once and stays silent. */
export class ScriptedNetwork implements PhoneNetwork {
  readonly attempts: CallAttempt[] = [];
  readonly #phones = new Map<string, ScriptedPhone>();
  #given = 0;

  add(outcome: RingOutcome, onConnected?: (line: PhoneLine) => void): { phoneE164: string; phone: ScriptedPhone } {
    const phoneE164 = `+1555123${String(++this.#given).padStart(4, '0')}`;
    const phone = new ScriptedPhone(`person of ${phoneE164}`, outcome, onConnected);
    this.#phones.set(phoneE164, phone);
    return { phoneE164, phone };
  }

  phone(phoneE164: string): ScriptedPhone {
    const phone = this.#phones.get(phoneE164) ?? new ScriptedPhone(`person of ${phoneE164}`, { kind: 'answer', afterMs: 0 });
    this.#phones.set(phoneE164, phone);
    return phone;
  }

  agentAt(phoneE164: string): Callee {
    return this.phone(phoneE164);
  }

  lookUp(phoneE164: string, attempt: CallAttempt): Callee {
    this.attempts.push(attempt);
    return this.phone(phoneE164);
  }
}
