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
  /** The service takes so much longer to send it: the person may be saying something else by then. */
  finalLateMs?: Ms | undefined;
  /** It comes twice, so much later. */
  finalAgainMs?: Ms | undefined;
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
  /** What each stream was opened for, and the loud frames that it was given. */
  readonly streams: { language: string; phrases: readonly string[]; voiceMs: Ms }[] = [];
  /** All that was given away as final, whatever became of it. */
  readonly finals: string[] = [];
  /** How often a stream was given up because it said nothing. */
  foundDeaf = 0;
  private readonly queue: (string | ScriptedUtterance)[];
  private current: ScriptedSttStream | null = null;
  private ordinal = 0;
  private listener: SttListener | null = null;

  constructor(private readonly options: ScriptedSttOptions = {}) {
    this.finalP99Ms = options.finalP99Ms ?? 600;
    this.queue = Array.isArray(options.utterances) ? [...options.utterances] : [];
  }

  open(options: { language: string; phrases: readonly string[] }, heardBy: SttListener): SttStream {
    this.opened += 1;
    const listener = this.keepingFinals(heardBy);
    this.listener = listener;
    const seen = { ...options, voiceMs: 0 };
    this.streams.push(seen);
    const stream = new ScriptedSttStream(() => this.next(), listener, this.options);
    this.current = stream;
    return {
      push: (frame) => {
        this.framesIn += 1;
        if (isLoud(frame)) seen.voiceMs += FRAME_MS;
        stream.push(frame);
      },
      close: (because) => {
        if (because === 'deaf') this.foundDeaf += 1;
        if (this.listener === listener) this.listener = null;
      },
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

  /** The stream of now says nothing any more, and complains about nothing. */
  deafen(): void {
    this.current?.deafen();
  }

  fail(message = 'scripted failure'): void {
    this.listener?.failed(new Error(message));
  }

  private keepingFinals(listener: SttListener): SttListener {
    return {
      opened: () => listener.opened?.(),
      interim: (text) => listener.interim(text),
      final: (text, confidence) => {
        this.finals.push(text);
        listener.final(text, confidence);
      },
      failed: (error) => listener.failed(error),
    };
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
  private isDeaf = false;
  private isTaken = false;
  private underWay: { inMs: Ms; text: string }[] = [];

  constructor(
    private readonly next: () => ScriptedUtterance,
    private readonly listener: SttListener,
    private readonly options: ScriptedSttOptions,
  ) {}

  deafen(): void {
    this.isDeaf = true;
  }

  push(frame: Int16Array): void {
    if (this.isDeaf) return;
    if (!this.isTaken) this.listener.opened?.();
    this.isTaken = true;
    this.deliver();
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
    if (utterance.finalAfterMs === null || text === '') return;
    const { finalLateMs = 0, finalAgainMs } = utterance;
    if (finalAgainMs !== undefined) this.underWay.push({ inMs: finalLateMs + finalAgainMs, text });
    if (finalLateMs > 0) this.underWay.push({ inMs: finalLateMs, text });
    else this.listener.final(text, 0.9);
  }

  private deliver(): void {
    const aged = this.underWay.map(({ inMs, text }) => ({ inMs: inMs - FRAME_MS, text }));
    this.underWay = aged.filter(({ inMs }) => inMs > 0);
    for (const { text } of aged.filter(({ inMs }) => inMs <= 0)) this.listener.final(text, 0.9);
  }
}
