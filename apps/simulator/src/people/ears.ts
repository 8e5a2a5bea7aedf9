import type { RecogniserSession, SpeechEngines } from '../engines/speech-engines.js';
import { SpeechSegmenter } from './speech-segmenter.js';

/** Frames before the onset that the recogniser gets too: the first sounds of a word are quiet. */
const PRE_ROLL_FRAMES = 10;

export interface Listener {
  turnStarted(): void;
  /** The turn so far; may still change. */
  partial(text: string): void;
  /** The agent has been silent long enough. Empty when nothing was recognised. */
  turnEnded(text: string): void;
  failed(error: unknown): void;
}

/** Hears the far end: cuts the audio into turns and has them recognised. */
export class Ears {
  readonly #segmenter = new SpeechSegmenter();
  readonly #recogniser: RecogniserSession;
  readonly #listener: Listener;
  #preRoll: Int16Array[] = [];
  #closed = false;

  constructor(engines: Pick<SpeechEngines, 'openRecogniser'>, listener: Listener) {
    this.#listener = listener;
    this.#recogniser = engines.openRecogniser('agents', (text) => {
      if (!this.#closed && this.#segmenter.speaking) listener.partial(text);
    });
  }

  get hearing(): boolean {
    return this.#segmenter.speaking;
  }

  hear(frame: Int16Array): void {
    const segment = this.#segmenter.push(frame);
    if (segment === 'silence') return this.#remember(frame);
    if (segment === 'onset') this.#start();
    this.#recogniser.feed(frame);
    if (segment === 'end') this.#finish();
  }

  close(): void {
    this.#closed = true;
    this.#recogniser.close();
  }

  #remember(frame: Int16Array): void {
    this.#preRoll.push(frame);
    if (this.#preRoll.length > PRE_ROLL_FRAMES) this.#preRoll.shift();
  }

  #start(): void {
    for (const frame of this.#preRoll) this.#recogniser.feed(frame);
    this.#preRoll = [];
    this.#listener.turnStarted();
  }

  #finish(): void {
    this.#recogniser.finish().then(
      ({ text }) => {
        if (!this.#closed) this.#listener.turnEnded(text);
      },
      (error: unknown) => {
        if (!this.#closed) this.#listener.failed(error);
      },
    );
  }
}
