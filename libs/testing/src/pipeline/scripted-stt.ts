import type { Ms, SttListener, SttProvider, SttStream } from '@carillon/pipeline';
import { isLoud } from './loudness.js';

const FRAME_MS = 20;

export interface ScriptedUtterance {
  text: string;
  /** Default: interims are sent. */
  interims?: boolean | undefined;
  /** From the end of the voice to the final transcript; null: it never comes. Default: the provider's. */
  finalAfterMs?: Ms | null | undefined;
  /** The final transcript, where it differs from the interim ones. */
  finalText?: string | undefined;
}

export interface ScriptedSttOptions {
  /** What is recognised: one entry per stretch of voice, or a function of its ordinal. After the last entry nothing is. */
  utterances?: readonly (string | ScriptedUtterance)[] | ((ordinal: number) => string | ScriptedUtterance) | undefined;
  finalAfterMs?: Ms | undefined;
  /** Interims grow by a word each time. */
  interimEveryMs?: Ms | undefined;
  finalP99Ms?: Ms | undefined;
}

/**
 * A recogniser that hears when there is voice and knows from its script what was said. It runs on the frames alone, without timers, so its
 * times are positions in the audio. Transcripts can also be given by hand.
 */
export class ScriptedStt implements SttProvider {
  readonly finalP99Ms: Ms;
  /** How often a stream was opened. */
  opened = 0;
  framesIn = 0;
  private readonly queue: (string | ScriptedUtterance)[];
  private ordinal = 0;
  private listener: SttListener | null = null;

  constructor(private readonly options: ScriptedSttOptions = {}) {
    this.finalP99Ms = options.finalP99Ms ?? 600;
    this.queue = Array.isArray(options.utterances) ? [...options.utterances] : [];
  }

  open(_options: { language: string; phrases: readonly string[] }, listener: SttListener): SttStream {
    this.opened += 1;
    this.listener = listener;
    const stream = new ScriptedSttStream(() => this.next(), listener, this.options);
    return {
      push: (frame) => {
        this.framesIn += 1;
        stream.push(frame);
      },
      close: () => void (this.listener = this.listener === listener ? null : this.listener),
    };
  }

  /** Adds to the script. */
  expect(utterance: string | ScriptedUtterance): void {
    this.queue.push(utterance);
  }

  interim(text: string): void {
    this.listener?.interim(text);
  }

  final(text: string): void {
    this.listener?.final(text, 0.9);
  }

  fail(message = 'scripted failure'): void {
    this.listener?.failed(new Error(message));
  }

  private next(): ScriptedUtterance {
    const { utterances } = this.options;
    const entry = (typeof utterances === 'function' ? utterances(this.ordinal) : this.queue.shift()) ?? '';
    this.ordinal += 1;
    return typeof entry === 'string' ? { text: entry } : entry;
  }
}

class ScriptedSttStream {
  private utterance: ScriptedUtterance | null = null;
  private words: string[] = [];
  private elapsedMs = 0;
  private quietMs = 0;
  private shown = 0;

  constructor(
    private readonly next: () => ScriptedUtterance,
    private readonly listener: SttListener,
    private readonly options: ScriptedSttOptions,
  ) {}

  push(frame: Int16Array): void {
    const loud = isLoud(frame);
    if (this.utterance === null && loud) this.begin();
    if (this.utterance === null) return;
    this.elapsedMs += FRAME_MS;
    this.quietMs = loud ? 0 : this.quietMs + FRAME_MS;
    if (loud && this.utterance.interims !== false) this.showMore();
    if (this.quietMs >= (this.utterance.finalAfterMs ?? this.options.finalAfterMs ?? 200)) this.finish(this.utterance);
  }

  private begin(): void {
    this.utterance = this.next();
    this.words = this.utterance.text.split(' ');
    this.elapsedMs = 0;
    this.quietMs = 0;
    this.shown = 0;
  }

  private showMore(): void {
    const due = Math.min(this.words.length, Math.floor(this.elapsedMs / (this.options.interimEveryMs ?? 100)));
    if (due <= this.shown || this.utterance?.text === '') return;
    this.shown = due;
    this.listener.interim(this.words.slice(0, due).join(' '));
  }

  private finish(utterance: ScriptedUtterance): void {
    this.utterance = null;
    const text = utterance.finalText ?? utterance.text;
    if (utterance.finalAfterMs !== null && text !== '') this.listener.final(text, 0.9);
  }
}
