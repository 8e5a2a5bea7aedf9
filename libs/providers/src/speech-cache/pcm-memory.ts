/** Sounds by key, the most recently used ones up to a number of bytes. */
export class PcmMemory {
  readonly #maxBytes: number;
  /** A map keeps the order of insertion: the first is the one that was used least recently. */
  readonly #sounds = new Map<string, Int16Array>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#sounds.size;
  }

  get(key: string): Int16Array | undefined {
    const pcm = this.#sounds.get(key);
    if (!pcm) return undefined;
    this.#sounds.delete(key);
    this.#sounds.set(key, pcm);
    return pcm;
  }

  put(key: string, pcm: Int16Array): void {
    if (pcm.byteLength > this.#maxBytes) return;
    this.#remove(key);
    this.#sounds.set(key, pcm);
    this.#bytes += pcm.byteLength;
    for (const oldest of this.#sounds.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#sounds.get(key)?.byteLength ?? 0;
    this.#sounds.delete(key);
  }
}
