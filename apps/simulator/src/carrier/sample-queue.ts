/** 16-bit samples waiting to be played: chunks of any length in, frames of one length out. Bounded; what does not fit is dropped. */
export class SampleQueue {
  #chunks: Int16Array[] = [];
  /** Samples of the first chunk that are gone. */
  #taken = 0;
  #length = 0;

  constructor(private readonly maxSamples: number) {}

  get length(): number {
    return this.#length;
  }

  /** Returns how many samples did not fit. */
  push(pcm: Int16Array): number {
    const fitting = Math.min(pcm.length, this.maxSamples - this.#length);
    if (fitting > 0) this.#chunks.push(fitting < pcm.length ? pcm.subarray(0, fitting) : pcm);
    this.#length += fitting;
    return pcm.length - fitting;
  }

  /** Fills `frame` from the front and returns how many samples there were; the rest of it is left as it is. */
  pull(frame: Int16Array): number {
    let filled = 0;
    for (let chunk = this.#chunks[0]; chunk && filled < frame.length; chunk = this.#chunks[0]) {
      const part = chunk.subarray(this.#taken, this.#taken + frame.length - filled);
      frame.set(part, filled);
      filled += part.length;
      this.#taken += part.length;
      if (this.#taken < chunk.length) break;
      this.#chunks.shift();
      this.#taken = 0;
    }
    this.#length -= filled;
    return filled;
  }

  clear(): void {
    this.#chunks = [];
    this.#taken = 0;
    this.#length = 0;
  }
}
