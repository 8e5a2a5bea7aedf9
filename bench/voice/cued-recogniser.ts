import { readCue } from './cue.js';
import { FRAME_MS } from './frame-ticker.js';

/** What a recogniser understands of the sound after a cue. */
export interface CuedUtterance {
  /** Words as interim transcripts have them; none for what is no speech. */
  words: readonly string[];
  /** As the final transcript has it, with its mark. */
  final: string;
  /** Multiple of 20. */
  durationMs: number;
}

export interface RecogniserEars {
  interim(text: string): void;
  final(text: string): void;
}

const INTERIM_EVERY_MS = 100;
/** From the end of a word to the interim that has it. */
const WORD_LAG_MS = 100;
const FINAL_AFTER_MS = 200;

/**
 * A recogniser of known delays: interims each 100 ms of audio, the last word in one 100 ms after it ends, the final 200 ms after the end. It counts the audio that
 * it is given, in frames of 20 ms, and looks at no clock.
 */
export class CuedRecogniser {
  private utterance: CuedUtterance | undefined;
  private wordEndsMs: number[] = [];
  private elapsedMs = 0;
  private shown = 0;

  constructor(
    private readonly lookUp: (id: number) => CuedUtterance | undefined,
    private readonly ears: RecogniserEars,
  ) {}

  push(frame: Int16Array): void {
    const cue = readCue(frame);
    if (cue !== null) this.begin(cue);
    else if (this.utterance) this.follow(this.utterance);
  }

  private begin(cue: number): void {
    const utterance = this.lookUp(cue);
    if (utterance === undefined) throw new Error(`nothing is known of cue ${cue}`);
    this.utterance = utterance.words.length > 0 ? utterance : undefined;
    this.wordEndsMs = wordEnds(utterance);
    this.elapsedMs = 0;
    this.shown = 0;
  }

  private follow(utterance: CuedUtterance): void {
    this.elapsedMs += FRAME_MS;
    if (this.elapsedMs >= utterance.durationMs + FINAL_AFTER_MS) {
      this.utterance = undefined;
      this.ears.final(utterance.final);
    } else if ((utterance.durationMs + WORD_LAG_MS - this.elapsedMs) % INTERIM_EVERY_MS === 0) {
      this.showMore(utterance);
    }
  }

  private showMore(utterance: CuedUtterance): void {
    const known = this.wordEndsMs.filter((end) => end + WORD_LAG_MS <= this.elapsedMs).length;
    if (known === this.shown) return;
    this.shown = known;
    this.ears.interim(utterance.words.slice(0, known).join(' '));
  }
}

/** As if each letter took the same time. */
function wordEnds({ words, durationMs }: CuedUtterance): number[] {
  const letters = words.join(' ').length;
  let said = -1;
  return words.map((word) => {
    said += word.length + 1;
    return (said / letters) * durationMs;
  });
}
