import { type EnginePaths, EngineThread } from './engine-thread.js';
import type { FliteVoice } from './flite.js';
import type { SpeakRequest } from './synthesis-thread.js';

/** About eight minutes of speech: the prompts and answers that a run repeats. */
const CACHE_BYTES = 16 * 1024 * 1024;

/** Flite in a thread of its own, with the utterances spoken last kept at hand. */
export class SpeechSynthesiser {
  readonly #thread: EngineThread<SpeakRequest>;
  /** Least recently used first. */
  readonly #cache = new Map<string, Int16Array>();
  #cachedBytes = 0;

  constructor(paths: EnginePaths) {
    this.#thread = new EngineThread<SpeakRequest>('synthesis-thread', paths);
  }

  ready(): Promise<void> {
    return this.#thread.ready();
  }

  async speak(text: string, voice: FliteVoice, rate: number): Promise<Int16Array> {
    const key = `${voice} ${rate} ${text}`;
    const pcm = this.#take(key) ?? ((await this.#thread.request({ kind: 'speak', text, voice, rate })) as Int16Array);
    this.#keep(key, pcm);
    return pcm.slice(); // the caller may change it
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  #take(key: string): Int16Array | undefined {
    const pcm = this.#cache.get(key);
    if (pcm && this.#cache.delete(key)) this.#cachedBytes -= pcm.byteLength;
    return pcm;
  }

  #keep(key: string, pcm: Int16Array): void {
    this.#take(key); // two askers at once
    this.#cache.set(key, pcm);
    this.#cachedBytes += pcm.byteLength;
    for (const oldest of this.#cache.keys()) {
      if (this.#cachedBytes <= CACHE_BYTES) break;
      this.#take(oldest);
    }
  }
}
