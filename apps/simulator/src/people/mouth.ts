import type { PhoneLine } from '../carrier/callee.js';
import type { FliteVoice, SpeechEngines } from '../engines/speech-engines.js';
import type { LineClock } from './line-clock.js';

/** 16 kHz samples in a millisecond. */
const SAMPLES_PER_MS = 16;

/** Speaks into the phone. Whatever was being said or prepared is dropped when something new is said, or with `stop`. */
export class Mouth {
  readonly #engines: Pick<SpeechEngines, 'synthesise'>;
  readonly #line: PhoneLine;
  readonly #voice: FliteVoice;
  readonly #onFailure: (error: unknown) => void;
  /** Counts utterances, so that one that was overtaken while its audio was made is not played. */
  #utterance = 0;
  #preparing = false;
  #onDone: (() => void) | undefined;

  constructor(engines: Pick<SpeechEngines, 'synthesise'>, line: PhoneLine, voice: FliteVoice, onFailure: (error: unknown) => void) {
    this.#engines = engines;
    this.#line = line;
    this.#voice = voice;
    this.#onFailure = onFailure;
  }

  get busy(): boolean {
    return this.#preparing || this.#onDone !== undefined;
  }

  /** `onStart` hears how long it will take, `onDone` comes with the first frame after it, unless it was dropped. */
  say(text: string, { onStart, onDone }: { onStart?: (durationMs: number) => void; onDone?: () => void } = {}): void {
    this.stop();
    const utterance = this.#utterance;
    this.#preparing = true;
    this.#engines.synthesise(text, this.#voice).then(
      (pcm) => {
        if (utterance !== this.#utterance) return;
        this.play(pcm, onDone);
        onStart?.(pcm.length / SAMPLES_PER_MS);
      },
      (error: unknown) => {
        if (utterance === this.#utterance) this.#onFailure(error);
      },
    );
  }

  /** Any sound instead of words. */
  play(pcm: Int16Array, onDone: () => void = () => undefined): void {
    this.stop();
    this.#onDone = onDone;
    this.#line.say(pcm);
  }

  stop(): void {
    this.#utterance += 1;
    this.#preparing = false;
    this.#onDone = undefined;
    if (this.#line.saying) this.#line.stopSaying();
  }

  /** One frame has passed. */
  tick(): void {
    if (this.#onDone === undefined || this.#line.saying) return;
    const onDone = this.#onDone;
    this.#onDone = undefined;
    onDone();
  }
}

/** The line keeps the time of whoever is on it, frame by frame, and what they say, until it ends. */
export function liveOn(line: PhoneLine, clock: LineClock, mouth: Mouth, onFrame?: (frame: Int16Array) => void, onEnded?: () => void): void {
  line.onAudio((frame) => {
    onFrame?.(frame);
    mouth.tick();
    clock.tick();
  });
  line.onEnded(() => {
    clock.stop();
    mouth.stop();
    onEnded?.();
  });
}
