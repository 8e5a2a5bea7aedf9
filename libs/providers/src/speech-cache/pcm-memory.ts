import type { Sound } from './sound.js';

/** Sounds by key, the most recently used ones up to a number of bytes. */
export class PcmMemory {
  readonly #maxBytes: number;
  /** A map keeps the order of insertion: the first is the one that was used least recently. */
  readonly #sounds = new Map<string, Sound>();
  /** Of their samples: words are a hundredth of that. */
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

  get(key: string): Sound | undefined {
    const sound = this.#sounds.get(key);
    if (!sound) return undefined;
    this.#sounds.delete(key);
    this.#sounds.set(key, sound);
    return sound;
  }

  put(key: string, sound: Sound): void {
    const { byteLength } = sound.pcm;
    if (byteLength > this.#maxBytes) return;
    this.#remove(key);
    this.#sounds.set(key, sound);
    this.#bytes += byteLength;
    for (const oldest of this.#sounds.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#sounds.get(key)?.pcm.byteLength ?? 0;
    this.#sounds.delete(key);
  }
}
