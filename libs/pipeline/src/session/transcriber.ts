import type { Ms, SttProvider, SttStream } from '../ports.js';
import type { TurnEvent } from '../turn/events.js';
import { asError } from './contain.js';
import type { ProviderNews } from './provider-news.js';

/**
 * Audio that a stream after this one may have to hear: recognisers take five seconds at once before they throttle, and most of what people say on the
 * phone is shorter. 160 kB of a call.
 */
const MAX_KEPT_FRAMES = 250;

/** A recogniser that says it has heard nothing may not have got to the last words yet: 400 ms. */
const UNSURE_FRAMES = 20;

export interface TranscriberOptions {
  stt: SttProvider;
  language: string;
  phrases: readonly string[];
  now(): Ms;
  dispatch(event: TurnEvent): void;
  onNews(news: ProviderNews): void;
  onError(error: Error): void;
}

/**
 * The call's stream into the recogniser: every inbound frame, continuously. What came in since the recogniser said something last is kept: when the stream
 * breaks, is refused, or was deaf, the next one hears it.
 *
 * An interim transcript counts as said of all audio until then, though it is some 400 ms late: it stays as text when the stream breaks, and who heard its last
 * word again would say it twice. So a word that was said just before the break, and stood in no transcript, is lost.
 */
export class Transcriber {
  private stream: SttStream | null = null;
  /** The newest frames, with their times, and how many of them no transcript covers. */
  private readonly kept: { frame: Int16Array; at: Ms }[] = [];
  private uncovered = 0;
  /** Its last stream broke, and no other one was opened since. */
  private broken = false;

  constructor(private options: TranscriberOptions | null) {}

  open(): void {
    const { options } = this;
    if (options === null || this.stream !== null) return;
    const { language, phrases } = options;
    if (this.broken) options.onNews({ type: 'recogniser-reopened', cause: 'failed' });
    this.broken = false;
    const mine: { stream: SttStream | null; failed: boolean; takenAt: Ms | null } = { stream: null, failed: false, takenAt: null };
    const live = (): boolean => !mine.failed && this.options !== null && (mine.stream === null || this.stream === mine.stream);
    const onFailed = (error: unknown): void => {
      if (!live()) return;
      mine.failed = true;
      this.stream = null;
      this.fail(error, mine.takenAt === null ? 0 : options.now() - mine.takenAt);
    };
    const take = (): void => void (mine.takenAt ??= options.now());
    const hear = (type: 'interim' | 'final', text: string): void => {
      if (!live()) return;
      take();
      this.uncovered = text === '' ? Math.min(this.uncovered, UNSURE_FRAMES) : 0;
      this.options?.dispatch({ type, at: options.now(), text });
    };
    try {
      mine.stream = options.stt.open(
        { language, phrases },
        {
          opened: take,
          interim: (text) => hear('interim', text),
          final: (text, confidence) => {
            if (live() && text !== '') options.onNews({ type: 'recognised', confidence });
            hear('final', text);
          },
          failed: onFailed,
        },
      );
    } catch (error) {
      return onFailed(error);
    }
    if (mine.failed) return mine.stream.close();
    this.stream = mine.stream;
    for (const { frame } of this.kept.slice(this.kept.length - this.uncovered)) mine.stream.push(frame);
  }

  /** Goes on in another language, and hears anew what came in since `from`. What the stream of before still has to say does not matter. */
  restart(language: string, from: Ms | null): void {
    if (this.options === null) return;
    this.options = { ...this.options, language };
    if (from !== null) this.rehear(from);
    else if (this.stream !== null) this.uncovered = 0;
    this.leave();
    this.options.onNews({ type: 'recogniser-reopened', cause: 'language' });
    this.open();
  }

  /** The stream takes audio and says nothing: another one hears what came in since `from`. */
  replace(from: Ms, isBlamed: boolean): void {
    if (this.options === null) return;
    this.rehear(from);
    this.leave(isBlamed ? 'deaf' : undefined);
    this.options.onNews({ type: 'recogniser-reopened', cause: 'deaf' });
    this.open();
  }

  push(frame: Int16Array): void {
    const { options } = this;
    if (options === null) return;
    this.kept.push({ frame, at: options.now() });
    if (this.kept.length > MAX_KEPT_FRAMES) this.kept.shift();
    this.uncovered = Math.min(this.uncovered + 1, this.kept.length);
    this.stream?.push(frame);
  }

  close(): void {
    const { stream } = this;
    this.options = null;
    this.stream = null;
    this.kept.length = 0;
    this.uncovered = 0;
    stream?.close();
  }

  private rehear(from: Ms): void {
    this.uncovered = this.kept.filter(({ at }) => at > from).length;
  }

  private leave(because?: 'deaf'): void {
    const { options, stream } = this;
    this.stream = null;
    try {
      stream?.close(because);
    } catch (error) {
      options?.onError(asError(error));
    }
  }

  private fail(error: unknown, workedMs: Ms): void {
    const { options } = this;
    if (options === null) return;
    this.broken = true;
    options.onError(asError(error));
    options.dispatch({ type: 'stt-failed', at: options.now(), workedMs });
  }
}
