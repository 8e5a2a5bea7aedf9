/**
 * The far end of a simulated call. The carrier rings callees and passes them audio; how they behave is theirs alone: neither the carrier
 * nor anything under test knows their temperament or their facts.
 */

/** Finds who answers a number; unknown numbers get somebody too. */
export interface PhoneNetwork {
  lookUp(phoneE164: string, attempt: CallAttempt): Callee;
  /** Who answers where a person is put through to a number. */
  agentAt(phoneE164: string): Callee;
}

export interface CallAttempt {
  callerE164: string;
  /** The carrier's own name for the call (its connection id). */
  callId: string;
}

/** What the phone does when it rings. `no-answer` rings until the carrier (or the caller) gives up. */
export type RingOutcome =
  | { kind: 'answer'; afterMs: number }
  | { kind: 'busy' }
  | { kind: 'no-answer' }
  | { kind: 'decline'; afterMs: number }
  | { kind: 'invalid' }
  | { kind: 'network-fault' };

export interface Callee {
  readonly personId: string;
  ring(): RingOutcome;
  /** Called once, when the person has answered. */
  connect(line: PhoneLine): void;
}

/** An answered phone as its owner holds it: 16 kHz, mono, 16 bit, 20 ms (320 samples) a frame. */
export interface PhoneLine {
  /** What the far end plays, one frame per tick for the length of the call: silence when nothing is queued. The frame is the callback's own. */
  onAudio(callback: (frame: Int16Array) => void): void;
  /** Once, whoever ended the call. */
  onEnded(callback: () => void): void;
  /** Queues speech of the person (any length; the last frame is padded with silence); sent in real time. */
  say(pcm: Int16Array): void;
  /** Drops what is still queued. */
  stopSaying(): void;
  readonly saying: boolean;
  /** A key of the phone: 0-9, *, #, A-D. */
  sendTone(tone: string): void;
  hangUp(): void;
}
