import type { Ms, SttProvider, SttStream } from '../ports.js';
import type { TurnEvent } from '../turn/events.js';

/** Audio that is kept while the recogniser's stream is down: three seconds of frames. Older ones are lost. */
const MAX_HELD_FRAMES = 150;

export interface TranscriberOptions {
  stt: SttProvider;
  language: string;
  phrases: readonly string[];
  now(): Ms;
  dispatch(event: TurnEvent): void;
  onError(error: Error): void;
}

/** The call's stream into the recogniser: every inbound frame, continuously. While it is down, frames are held and sent when it is back. */
export class Transcriber {
  private stream: SttStream | null = null;
  private held: Int16Array[] = [];

  constructor(private options: TranscriberOptions | null) {}

  open(): void {
    const { options } = this;
    if (options === null || this.stream !== null) return;
    const { language, phrases } = options;
    const mine: { stream: SttStream | null; failed: boolean } = { stream: null, failed: false };
    const live = (): boolean => !mine.failed && this.options !== null && (mine.stream === null || this.stream === mine.stream);
    const onFailed = (error: unknown): void => {
      if (!live()) return;
      mine.failed = true;
      this.stream = null;
      this.fail(error);
    };
    try {
      mine.stream = options.stt.open(
        { language, phrases },
        {
          interim: (text) => void (live() && this.options?.dispatch({ type: 'interim', at: options.now(), text })),
          final: (text) => void (live() && this.options?.dispatch({ type: 'final', at: options.now(), text })),
          failed: onFailed,
        },
      );
    } catch (error) {
      return onFailed(error);
    }
    if (mine.failed) return mine.stream.close();
    this.stream = mine.stream;
    this.sendHeld(mine.stream);
  }

  push(frame: Int16Array): void {
    if (this.stream !== null) return this.stream.push(frame);
    this.held.push(frame);
    if (this.held.length > MAX_HELD_FRAMES) this.held.shift();
  }

  close(): void {
    const { stream } = this;
    this.options = null;
    this.stream = null;
    this.held = [];
    stream?.close();
  }

  private sendHeld(stream: SttStream): void {
    const { held } = this;
    this.held = [];
    for (const frame of held) stream.push(frame);
  }

  private fail(error: unknown): void {
    const { options } = this;
    if (options === null) return;
    options.onError(error instanceof Error ? error : new Error(String(error)));
    options.dispatch({ type: 'stt-failed', at: options.now() });
  }
}
