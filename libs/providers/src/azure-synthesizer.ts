import {
  Connection,
  PushAudioOutputStreamCallback,
  ResultReason,
  type SpeechConfig,
  SpeechSynthesizer,
  type SpeechSynthesisResult,
} from 'microsoft-cognitiveservices-speech-sdk';
import { withoutKeys } from './azure-endpoint.js';
import type { PooledSynthesizer } from './synthesizer-pool.js';
import type { ToldWord } from './word-matcher.js';

const TICKS_PER_MS = 10_000;

export interface SynthesisListener {
  audio(chunk: ArrayBuffer): void;
  /** A word, or a mark between two, ahead of its audio. */
  word(word: ToldWord): void;
  /** The service has sent everything, or stopped as it was asked to; the connection is free again. */
  finished(): void;
  failed(details: string): void;
}

/** One synthesizer of the SDK with its connection. After a failure it is broken and only good for disposal. */
export class AzureSynthesizer implements PooledSynthesizer {
  readonly #synthesizer: SpeechSynthesizer;
  readonly #connection: Connection;
  #listener: SynthesisListener | undefined;
  #served = 0;
  #broken = false;
  #disposed = false;

  constructor(config: SpeechConfig) {
    this.#synthesizer = new SpeechSynthesizer(config, null);
    this.#connection = Connection.fromSynthesizer(this.#synthesizer);
    // An idle connection may be closed by the service at any time; the SDK opens another for the next utterance. In the middle of an
    // utterance a normal closure (1000) is reported nowhere else.
    this.#connection.disconnected = () => this.#fail('the connection was closed');
    // With somebody who listens the service is asked for them.
    this.#synthesizer.wordBoundary = (_synthesizer, { text, audioOffset, duration }) => {
      this.#listener?.word({ text, beginMs: audioOffset / TICKS_PER_MS, endMs: (audioOffset + duration) / TICKS_PER_MS });
    };
    this.#connection.openConnection(undefined, () => undefined); // when it fails, the first utterance tries again and tells
  }

  get served(): number {
    return this.#served;
  }

  get broken(): boolean {
    return this.#broken;
  }

  speak(ssml: string, listener: SynthesisListener): void {
    this.#served++;
    this.#listener = listener;
    const sink = new ChunkSink((chunk) => {
      if (this.#listener === listener) listener.audio(chunk);
    });
    this.#synthesizer.speakSsmlAsync(
      ssml,
      (result) => this.#settle(listener, result),
      (error) => this.#fail(error),
      sink,
    );
  }

  /** Asks the service to leave the rest of the running utterance. */
  stop(): void {
    this.#connection.sendMessageAsync('synthesis.control', '{"action":"stop"}', undefined, () => (this.#broken = true));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#broken = true;
    this.#listener = undefined;
    this.#synthesizer.close(undefined, () => undefined); // it is gone either way
  }

  #settle(listener: SynthesisListener, result: SpeechSynthesisResult): void {
    if (this.#listener !== listener) return;
    if (result.reason === ResultReason.SynthesizingAudioCompleted) {
      this.#listener = undefined;
      listener.finished();
    } else {
      this.#fail(result.errorDetails ?? '');
    }
  }

  #fail(details: string): void {
    const listener = this.#listener;
    if (!listener) return;
    this.#listener = undefined;
    this.#broken = true;
    listener.failed(withoutKeys(String(details)));
  }
}

class ChunkSink extends PushAudioOutputStreamCallback {
  readonly #take: (chunk: ArrayBuffer) => void;

  constructor(take: (chunk: ArrayBuffer) => void) {
    super();
    this.#take = take;
  }

  override write(chunk: ArrayBuffer): void {
    this.#take(chunk);
  }

  override close(): void {
    // the result callback tells the end, and whether it is a good one
  }
}
