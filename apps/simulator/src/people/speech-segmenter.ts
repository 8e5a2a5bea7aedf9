import { FRAME_MS } from './line-clock.js';

/** Root mean square, of 32768, from which a frame counts as loud: synthesised speech lies above 1,000, digital silence at 0. */
const LOUD_RMS = 200;

/** Loud frames in a row that begin a turn: one alone may be a click. */
const ONSET_FRAMES = 2;

/** Silence that ends a turn. Longer than the pauses inside synthesised speech and between two phrases of one answer. */
const TURN_END_MS = 650;

export type Segment = 'silence' | 'onset' | 'speech' | 'end';

/** Tells speech from silence by its energy alone, frame by frame. */
export class SpeechSegmenter {
  #loudFrames = 0;
  #quietMs = 0;
  #speaking = false;
  readonly #turnEndMs: number;

  constructor(turnEndMs = TURN_END_MS) {
    this.#turnEndMs = turnEndMs;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  push(frame: Int16Array): Segment {
    const loud = rootMeanSquare(frame) >= LOUD_RMS;
    this.#loudFrames = loud ? this.#loudFrames + 1 : 0;
    this.#quietMs = loud ? 0 : this.#quietMs + FRAME_MS;
    if (!this.#speaking) return this.#loudFrames >= ONSET_FRAMES ? this.#become(true) : 'silence';
    return this.#quietMs >= this.#turnEndMs ? this.#become(false) : 'speech';
  }

  #become(speaking: boolean): Segment {
    this.#speaking = speaking;
    return speaking ? 'onset' : 'end';
  }
}

function rootMeanSquare(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return frame.length === 0 ? 0 : Math.sqrt(sum / frame.length);
}
