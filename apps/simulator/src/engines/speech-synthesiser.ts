import { type EnginePaths, EngineThread } from './engine-thread.js';
import type { FliteVoice, Spoken } from './flite.js';
import type { SpeakRequest } from './synthesis-thread.js';

/** About eight minutes of speech: the prompts and answers that a run repeats. */
const CACHE_BYTES = 16 * 1024 * 1024;

/** Flite in a thread of its own, with the utterances spoken last kept at hand. */
export class SpeechSynthesiser {
  readonly #thread: EngineThread<SpeakRequest>;
  /** Least recently used first. */
  readonly #cache = new Map<string, Spoken>();
  #cachedBytes = 0;

  constructor(paths: EnginePaths) {
    this.#thread = new EngineThread<SpeakRequest>('synthesis-thread', paths);
  }

  ready(): Promise<void> {
    return this.#thread.ready();
  }

  async speak(text: string, voice: FliteVoice, rate: number): Promise<Spoken> {
    const key = `${voice} ${rate} ${text}`;
    const spoken = this.#take(key) ?? ((await this.#thread.request({ kind: 'speak', text, voice, rate })) as Spoken);
    this.#keep(key, spoken);
    return { ...spoken, pcm: spoken.pcm.slice() }; // the caller may change it
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  #take(key: string): Spoken | undefined {
    const spoken = this.#cache.get(key);
    if (spoken && this.#cache.delete(key)) this.#cachedBytes -= spoken.pcm.byteLength;
    return spoken;
  }

  #keep(key: string, spoken: Spoken): void {
    this.#take(key); // two askers at once
    this.#cache.set(key, spoken);
    this.#cachedBytes += spoken.pcm.byteLength;
    for (const oldest of this.#cache.keys()) {
      if (this.#cachedBytes <= CACHE_BYTES) break;
      this.#take(oldest);
    }
  }
}
