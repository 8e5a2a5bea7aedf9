import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EnginePaths, EngineThread } from './engine-thread.js';
import type { FliteVoice, SpokenWord } from './flite.js';
import type { BuildRequest } from './language-model-thread.js';
import type { LanguageModelFiles } from './pocketsphinx.js';
import { RecogniserPool, type RecogniserSession } from './recogniser-pool.js';
import { SpeechSynthesiser } from './speech-synthesiser.js';

export type { FliteVoice, SpokenWord } from './flite.js';
export type { RecogniserSession } from './recogniser-pool.js';

/** Who is listened to: the people who pick up, or the agents who call them. */
export type LanguageModelName = 'callers' | 'agents';

export interface SynthesisOptions {
  /** 1 is the voice's own speed, 0.9 a little slower. */
  rate?: number;
  /** Hears of the words before the audio is there. */
  onWords?: (words: readonly SpokenWord[]) => void;
}

export interface SpeechEngines {
  /**
   * Builds the model from what may be said, one sentence each, numbers as words. A word outside them cannot be recognised.
   * Utterances that begin after it settles use it. About a second for 5,000 sentences, or nothing when the same were built before.
   */
  setLanguageModel(name: LanguageModelName, sentences: readonly string[]): Promise<void>;
  /** Throws when the language model was not set yet. `onPartial` gets the text so far, which may still change. */
  openRecogniser(model: LanguageModelName, onPartial: (text: string) => void): RecogniserSession;
  /** 16 kHz mono. */
  synthesise(text: string, voice: FliteVoice, options?: SynthesisOptions): Promise<Int16Array>;
  close(): Promise<void>;
}

export interface SpeechEngineOptions {
  /** Threads that recognise; each can serve several speakers in turn. */
  threads?: number;
  /** Keeps built language models from one run to the next. Without it they are deleted at `close`. */
  cacheDir?: string;
}

/** Raised when the same sentences would be built into other files. */
const MODEL_FORMAT = 1;

/** Opens recognition and synthesis, each in threads of its own. Rejects when a library cannot be loaded. */
export async function openSpeechEngines(paths: EnginePaths, options: SpeechEngineOptions = {}): Promise<SpeechEngines> {
  const recognisers = new RecogniserPool(paths, options.threads ?? 2);
  const synthesiser = new SpeechSynthesiser(paths);
  try {
    await Promise.all([recognisers.ready(), synthesiser.ready()]);
  } catch (error) {
    await Promise.all([recognisers.close(), synthesiser.close()]);
    throw error;
  }
  const cacheDir = options.cacheDir ?? (await mkdtemp(join(tmpdir(), 'carillon-language-models-')));
  return new OfflineEngines(paths, recognisers, synthesiser, { cacheDir, keep: options.cacheDir !== undefined });
}

class OfflineEngines implements SpeechEngines {
  readonly #paths: EnginePaths;
  readonly #recognisers: RecogniserPool;
  readonly #synthesiser: SpeechSynthesiser;
  readonly #models: { cacheDir: string; keep: boolean };
  readonly #known = new Set<LanguageModelName>();
  /** One build after the other: two at once for the same name could otherwise end in the wrong order. */
  #building: Promise<unknown> = Promise.resolve();

  constructor(
    paths: EnginePaths,
    recognisers: RecogniserPool,
    synthesiser: SpeechSynthesiser,
    models: { cacheDir: string; keep: boolean },
  ) {
    this.#paths = paths;
    this.#recognisers = recognisers;
    this.#synthesiser = synthesiser;
    this.#models = models;
  }

  setLanguageModel(name: LanguageModelName, sentences: readonly string[]): Promise<void> {
    const build = async () => {
      await this.#recognisers.useModel(name, await this.#buildModel(sentences));
      this.#known.add(name);
    };
    const result = this.#building.then(build, build);
    this.#building = result.catch(() => undefined); // the caller is told; the next build goes ahead
    return result;
  }

  openRecogniser(model: LanguageModelName, onPartial: (text: string) => void): RecogniserSession {
    if (!this.#known.has(model)) throw new Error(`the language model ${model} is not set: call setLanguageModel first`);
    return this.#recognisers.openSession(model, onPartial);
  }

  async synthesise(text: string, voice: FliteVoice, { rate = 1, onWords }: SynthesisOptions = {}): Promise<Int16Array> {
    const { pcm, words } = await this.#synthesiser.speak(text, voice, rate);
    onWords?.(words);
    return pcm;
  }

  async close(): Promise<void> {
    await this.#building;
    await Promise.all([this.#recognisers.close(), this.#synthesiser.close()]);
    if (!this.#models.keep) await rm(this.#models.cacheDir, { recursive: true, force: true });
  }

  async #buildModel(sentences: readonly string[]): Promise<LanguageModelFiles> {
    const hash = createHash('sha256')
      .update(JSON.stringify([MODEL_FORMAT, sentences]))
      .digest('hex')
      .slice(0, 24);
    const path = join(this.#models.cacheDir, hash);
    const files = { arpaPath: `${path}.arpa`, dictionaryPath: `${path}.dict` };
    if (existsSync(files.arpaPath)) return files;
    await mkdir(this.#models.cacheDir, { recursive: true });
    const builder = new EngineThread<BuildRequest>('language-model-thread', this.#paths); // seldom needed, and heavy: lives for this build only
    try {
      await builder.request({ kind: 'build', sentences, files });
    } finally {
      await builder.close();
    }
    return files;
  }
}
