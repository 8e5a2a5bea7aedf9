import type { Clock, TtsListener, TtsProvider, TtsRequest } from '@carillon/pipeline';
import type { ProviderLog } from '../provider-log.js';
import { AskedTexts } from './asked-texts.js';
import { PcmMemory } from './pcm-memory.js';
import type { PcmFolder } from './pcm-folder.js';
import { SharedUtterance } from './shared-utterance.js';
import { soundOf, type Sound, type SpeechPiece } from './sound.js';
import { speechKey } from './speech-key.js';

export interface CachedTtsOptions {
  tts: TtsProvider;
  clock: Clock;
  log: ProviderLog;
  /** 32 MB are 17 minutes at 16 kHz. */
  maxBytes?: number | undefined;
  /** Where texts that were prepared for it outlive the process; only those, for other texts may hold what concerns a person. */
  folder?: PcmFolder | undefined;
}

export interface CachedTtsStatistics {
  /** Utterances that were there, in memory or on disk. */
  hits: number;
  /** Utterances that were being synthesised for someone else. */
  shared: number;
  misses: number;
  sounds: number;
  bytes: number;
}

const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Says again what was said before without asking the provider. Kept are prepared texts and texts that come a second time; never audio that
 * failed or was broken off. Its pieces are shared between calls: nobody writes to them.
 */
export class CachedTts implements TtsProvider {
  readonly #options: CachedTtsOptions;
  readonly #memory: PcmMemory;
  readonly #inTheMaking = new Map<string, SharedUtterance>();
  readonly #asked = new AskedTexts();
  readonly #counts = { hits: 0, shared: 0, misses: 0 };

  constructor(options: CachedTtsOptions) {
    this.#options = options;
    this.#memory = new PcmMemory(options.maxBytes ?? MAX_BYTES);
  }

  speak(request: TtsRequest, listener: TtsListener): { cancel(): void } {
    const key = speechKey(request);
    this.#asked.ask(key);
    const known = this.#memory.get(key);
    if (known) return this.#play(known, listener);
    if (this.#options.folder?.has(key)) return this.#playFromFolder(key, request, listener);
    return this.#say(key, request, listener);
  }

  /** Opens a connection ahead of need. */
  warm(sampleRate: TtsRequest['sampleRate']): void {
    this.#options.tts.warm?.(sampleRate);
  }

  /**
   * Renders these texts unless they are there, one after the other, and keeps them. `on-disk` also for the processes to come: not for texts
   * that concern a person. Answers how many could not be had.
   */
  async prepare(requests: readonly TtsRequest[], keep: 'in-memory' | 'on-disk'): Promise<{ failed: number }> {
    let failed = 0;
    for (const request of requests) {
      const key = speechKey(request);
      this.#asked.want(key);
      const sound = this.#memory.get(key) ?? (await this.#fromFolder(key)) ?? (await this.#rendered(key, request));
      if (!sound) failed++;
      else if (keep === 'on-disk') await this.#toFolder(key, sound);
    }
    return { failed };
  }

  statistics(): CachedTtsStatistics {
    return { ...this.#counts, sounds: this.#memory.count, bytes: this.#memory.bytes };
  }

  close(): void {
    this.#options.tts.close();
  }

  #play({ pcm, words }: Sound, listener: TtsListener): { cancel(): void } {
    this.#counts.hits++;
    const { clock } = this.#options;
    return clock.setTimer(clock.now(), () => {
      if (words.length > 0) listener.words?.(words);
      listener.audio(pcm);
      listener.done();
    });
  }

  #playFromFolder(key: string, request: TtsRequest, listener: TtsListener): { cancel(): void } {
    let cancelled = false;
    let speaking: { cancel(): void } | undefined;
    void this.#fromFolder(key).then((sound) => {
      if (!cancelled) speaking = sound ? this.#play(sound, listener) : this.#say(key, request, listener);
    });
    return {
      cancel() {
        cancelled = true;
        speaking?.cancel();
      },
    };
  }

  #say(key: string, request: TtsRequest, listener: TtsListener): { cancel(): void } {
    if (this.#inTheMaking.has(key)) this.#counts.shared++;
    else this.#counts.misses++;
    return this.#make(key, request, listener);
  }

  #make(key: string, request: TtsRequest, listener: TtsListener): { cancel(): void } {
    const running = this.#inTheMaking.get(key);
    if (running) return running.join(listener);
    const { tts, clock, log } = this.#options;
    const utterance = new SharedUtterance(clock, {
      over: (sound) => {
        this.#inTheMaking.delete(key);
        if (sound && sound.pcm.length > 0 && this.#asked.isWanted(key)) this.#memory.put(key, sound);
      },
      listenerFailed: (error) => log.error({ err: error }, 'a listener of a shared utterance failed'),
    });
    this.#inTheMaking.set(key, utterance);
    const handle = utterance.join(listener);
    try {
      const speaking = tts.speak(request, utterance);
      utterance.started(() => speaking.cancel());
    } catch (error) {
      utterance.failed(error instanceof Error ? error : new Error(String(error)));
    }
    return handle;
  }

  #rendered(key: string, request: TtsRequest): Promise<Sound | undefined> {
    const pieces: SpeechPiece[] = [];
    return new Promise((resolve) => {
      this.#make(key, request, {
        audio: (pcm) => void pieces.push(pcm),
        words: (marks) => void pieces.push(marks),
        done: () => {
          const sound = soundOf(pieces);
          resolve(sound.pcm.length > 0 ? sound : undefined);
        },
        failed: () => resolve(undefined),
      });
    });
  }

  async #fromFolder(key: string): Promise<Sound | undefined> {
    const { folder, log } = this.#options;
    try {
      const sound = await folder?.get(key);
      if (sound) this.#memory.put(key, sound);
      return sound;
    } catch (error) {
      log.warn({ err: error }, 'a sound could not be read from the speech cache');
      return undefined;
    }
  }

  async #toFolder(key: string, sound: Sound): Promise<void> {
    const { folder, log } = this.#options;
    try {
      if (folder && !folder.has(key)) await folder.put(key, sound);
    } catch (error) {
      log.warn({ err: error }, 'a sound could not be written to the speech cache');
    }
  }
}
