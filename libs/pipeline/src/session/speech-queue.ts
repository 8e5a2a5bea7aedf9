import type { Clock, Ms, TimerHandle, TtsProvider, TtsRequest, WordMark } from '../ports.js';
import type { TurnEvent } from '../turn/events.js';
import type { Playout } from './playout.js';

/** Synthesis that gives no sound for so long is taken to be dead. */
const STALL_MS: Ms = 5_000;

interface Utterance {
  gen: number;
  phrase: number;
  text: string;
  /** As it was when the phrase was given to it. */
  voice: Omit<TtsRequest, 'text'>;
  tries: number;
  /** What the running try tells of its words; the playout reads it. */
  words: WordMark[];
  /** Something of it was delivered. */
  audible: boolean;
  lastSignAt: Ms;
}

export interface SpeechQueueOptions {
  clock: Clock;
  tts: TtsProvider;
  playout: Playout;
  voice: Omit<TtsRequest, 'text'>;
  dispatch(event: TurnEvent): void;
  onError(error: Error): void;
}

/**
 * Has phrases spoken, one after the other, and hands their audio to the playout. A phrase that fails is tried once more as long as nothing
 * of it was delivered.
 */
export class SpeechQueue {
  private waiting: Utterance[] = [];
  private current: Utterance | null = null;
  private running: { cancel(): void } | null = null;
  private watchdog: TimerHandle | null = null;

  constructor(private options: SpeechQueueOptions | null) {}

  speak(gen: number, phrase: number, text: string): void {
    const { options } = this;
    if (options === null) return;
    options.playout.open(gen, phrase, text);
    this.waiting.push({ gen, phrase, text, voice: options.voice, tries: 0, words: [], audible: false, lastSignAt: 0 });
    this.next();
  }

  /** From the next phrase on. */
  setVoice(voice: Omit<TtsRequest, 'text' | 'sampleRate'>): void {
    const { options } = this;
    if (options !== null) this.options = { ...options, voice: { ...options.voice, ...voice } };
  }

  cancel(gen: number): void {
    this.waiting = this.waiting.filter((utterance) => utterance.gen !== gen);
    if (this.current?.gen !== gen) return;
    this.stop();
    this.next();
  }

  close(): void {
    this.options = null;
    this.waiting = [];
    this.stop();
  }

  private next(): void {
    if (this.current !== null) return;
    const utterance = this.waiting.shift();
    if (utterance !== undefined) this.start(utterance);
  }

  private start(utterance: Utterance): void {
    const { options } = this;
    if (options === null) return;
    this.current = utterance;
    utterance.tries += 1;
    utterance.words = [];
    options.playout.words(utterance.gen, utterance.phrase, utterance.words);
    utterance.lastSignAt = options.clock.now();
    this.watch(options, utterance);
    const attempt = utterance.tries;
    const live = (): boolean => this.current === utterance && utterance.tries === attempt && this.options !== null;
    const listener = {
      audio: (pcm: Int16Array) => void (live() && this.onAudio(utterance, pcm)),
      words: (marks: readonly WordMark[]) => void (live() && utterance.words.push(...marks)),
      done: () => void (live() && this.onDone(utterance)),
      failed: (error: Error) => void (live() && this.onFailed(utterance, error)),
    };
    try {
      const running = options.tts.speak({ ...utterance.voice, text: utterance.text }, listener);
      if (live()) this.running = running;
    } catch (error) {
      if (live()) this.onFailed(utterance, error instanceof Error ? error : new Error(String(error)));
    }
  }

  private onAudio(utterance: Utterance, pcm: Int16Array): void {
    const { options } = this;
    if (options === null) return;
    const now = options.clock.now();
    utterance.lastSignAt = now;
    if (!utterance.audible) {
      utterance.audible = true;
      options.dispatch({ type: 'tts-audio', at: now, gen: utterance.gen, phrase: utterance.phrase });
    }
    options.playout.audio(utterance.gen, utterance.phrase, pcm);
  }

  private onDone(utterance: Utterance): void {
    if (!utterance.audible) return this.onFailed(utterance, new Error('Speech synthesis ended without audio'));
    this.release();
    this.options?.playout.done(utterance.gen, utterance.phrase);
    this.next();
  }

  private onFailed(utterance: Utterance, error: Error): void {
    const { options } = this;
    if (options === null) return;
    this.stop();
    options.onError(error);
    if (!utterance.audible && utterance.tries < 2) return this.start(utterance);
    const { gen, phrase } = utterance;
    const share = options.playout.renderedShare(gen, phrase);
    options.dispatch({ type: 'tts-failed', at: options.clock.now(), gen, phrase, share });
    if (share > 0) options.playout.done(gen, phrase);
    else options.playout.skip(gen, phrase);
    this.next();
  }

  /** One timer per utterance; it looks at the last sign of life instead of being armed anew at each. */
  private watch(options: SpeechQueueOptions, utterance: Utterance): void {
    this.watchdog?.cancel();
    this.watchdog = options.clock.setTimer(utterance.lastSignAt + STALL_MS, () => {
      if (this.current !== utterance) return;
      if (options.clock.now() < utterance.lastSignAt + STALL_MS) return this.watch(options, utterance);
      this.onFailed(utterance, new Error('Speech synthesis stalled'));
    });
  }

  private stop(): void {
    const { running } = this;
    this.release();
    running?.cancel();
  }

  private release(): void {
    this.watchdog?.cancel();
    this.watchdog = null;
    this.running = null;
    this.current = null;
  }
}
