/** The detector's step: 20 ms at 16 kHz. */
export const HOP_SAMPLES = 320;
const HOP_MS = 20;

/** Speech begins this far above the line's noise and goes on while it is this far above it. */
const BEGIN_OVER_NOISE_DB = 12;
const CONTINUE_OVER_NOISE_DB = 8;

/** Loud hops in a row that begin an utterance: one alone is a click. */
const BEGIN_HOPS = 2;

/** First sounds of a word are quiet: this much audio before the first loud hop belongs to the utterance. */
const PRE_ROLL_HOPS = 10;

/** Silence inside an utterance that the recogniser gets at once; the rest is kept until it is known whether speech goes on. */
const TRAILING_HOPS = 8;

/** Nobody speaks longer without a pause; noise that became louder does. */
const LONGEST_MS = 30_000;

const QUIETEST_DB = -75;
const LOUDEST_NOISE_DB = -35;
const NOISE_FALL_SHARE = 0.2;
const NOISE_RISE_DB = 0.05;

export interface SegmenterListener {
  /** Positions are samples since the turn began. */
  began(position: number): void;
  audio(pcm: Int16Array): void;
  /** Speech ended at `end`; `position` is where this became known. */
  ended(begin: number, end: number, position: number): void;
  /** No speech since `begin`. */
  silent(begin: number, position: number): void;
}

/** Cuts a stream of audio into utterances by loudness alone, so that silence costs no recognition. */
export class UtteranceSegmenter {
  readonly #listener: SegmenterListener;
  readonly #endSilenceHops: number;
  readonly #silenceHops: number;
  readonly #preRoll: Int16Array[] = [];
  readonly #held: Int16Array[] = [];
  readonly #hop = new Int16Array(HOP_SAMPLES);
  #filled = 0;
  #position = 0;
  #noiseDb = -60;
  #loudHops = 0;
  #quietHops = 0;
  #begin: number | undefined;
  #silentSince = 0;

  constructor(listener: SegmenterListener, options: { endSilenceMs: number; silenceMs: number }) {
    this.#listener = listener;
    this.#endSilenceHops = Math.max(1, Math.round(options.endSilenceMs / HOP_MS));
    this.#silenceHops = Math.max(1, Math.round(options.silenceMs / HOP_MS));
  }

  /** Any number of samples, 16 kHz mono. */
  push(pcm: Int16Array): void {
    for (let taken = 0; taken < pcm.length;) {
      const part = pcm.subarray(taken, taken + HOP_SAMPLES - this.#filled);
      this.#hop.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled === HOP_SAMPLES) this.#take(this.#hop.slice());
    }
  }

  /** The stream is over: what is being said ends here. */
  finish(): void {
    if (this.#begin !== undefined) this.#end(this.#begin);
  }

  #take(hop: Int16Array): void {
    this.#filled = 0;
    this.#position += HOP_SAMPLES;
    const levelDb = Math.max(QUIETEST_DB, decibels(hop));
    if (this.#begin === undefined) this.#listen(hop, levelDb);
    else this.#follow(hop, levelDb, this.#begin);
  }

  #listen(hop: Int16Array, levelDb: number): void {
    const loud = levelDb > this.#noiseDb + BEGIN_OVER_NOISE_DB;
    this.#loudHops = loud ? this.#loudHops + 1 : 0;
    this.#preRoll.push(hop);
    if (this.#loudHops >= BEGIN_HOPS) return this.#start();
    if (this.#preRoll.length >= PRE_ROLL_HOPS + BEGIN_HOPS) this.#preRoll.shift();
    this.#learnNoise(levelDb);
    if (this.#position - this.#silentSince >= this.#silenceHops * HOP_SAMPLES) {
      this.#listener.silent(this.#silentSince, this.#position);
      this.#silentSince = this.#position;
    }
  }

  #start(): void {
    this.#begin = this.#position - this.#loudHops * HOP_SAMPLES;
    this.#quietHops = 0;
    this.#listener.began(this.#begin);
    for (const hop of this.#preRoll) this.#listener.audio(hop);
    this.#preRoll.length = 0;
  }

  #follow(hop: Int16Array, levelDb: number, begin: number): void {
    this.#noiseDb = Math.min(this.#noiseDb + NOISE_RISE_DB / 4, LOUDEST_NOISE_DB);
    this.#quietHops = levelDb > this.#noiseDb + CONTINUE_OVER_NOISE_DB ? 0 : this.#quietHops + 1;
    if (this.#quietHops > TRAILING_HOPS) this.#held.push(hop);
    else this.#release(hop);
    const tooLong = this.#position - begin >= (LONGEST_MS / HOP_MS) * HOP_SAMPLES;
    if (this.#quietHops >= this.#endSilenceHops || tooLong) this.#end(begin);
  }

  #release(hop: Int16Array): void {
    for (const earlier of this.#held) this.#listener.audio(earlier);
    this.#held.length = 0;
    this.#listener.audio(hop);
  }

  #end(begin: number): void {
    this.#listener.ended(begin, this.#position - this.#quietHops * HOP_SAMPLES, this.#position);
    for (const hop of this.#held.slice(-PRE_ROLL_HOPS)) this.#preRoll.push(hop);
    this.#held.length = 0;
    this.#begin = undefined;
    this.#loudHops = 0;
    this.#silentSince = this.#position;
  }

  #learnNoise(levelDb: number): void {
    if (levelDb < this.#noiseDb) this.#noiseDb += (levelDb - this.#noiseDb) * NOISE_FALL_SHARE;
    else this.#noiseDb = Math.min(levelDb, this.#noiseDb + NOISE_RISE_DB, LOUDEST_NOISE_DB);
  }
}

/** Loudness relative to full scale. */
function decibels(hop: Int16Array): number {
  let sum = 0;
  for (const sample of hop) sum += sample * sample;
  return 10 * Math.log10(sum / hop.length / 32_768 ** 2 + 1e-12);
}
