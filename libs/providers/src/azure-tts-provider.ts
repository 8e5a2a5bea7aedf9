import { type SpeechConfig, SpeechSynthesisOutputFormat } from 'microsoft-cognitiveservices-speech-sdk';
import type { Clock, TimerHandle, TtsListener, TtsProvider, TtsRequest, WordMark } from '@carillon/pipeline';
import { type AzureEndpoint, azureSpeechConfig, complaintIn } from './azure-endpoint.js';
import { AzureSynthesizer } from './azure-synthesizer.js';
import { ProviderError, type ProviderErrorCode } from './provider-error.js';
import type { ProviderLog } from './provider-log.js';
import { speechMarkup } from './speech-markup.js';
import { SynthesizerPool } from './synthesizer-pool.js';
import { SynthesizerPools, type ConnectionPurpose } from './synthesizer-pools.js';
import { WordMatcher } from './word-matcher.js';

export interface AzureTtsOptions {
  endpoint: AzureEndpoint;
  clock: Clock;
  log: ProviderLog;
  /** From the request to the first audio. */
  firstByteTimeoutMs?: number;
  /** Between two pieces of audio. */
  chunkTimeoutMs?: number;
  /** A cancelled utterance whose end the service does not report within this time costs its connection. */
  stopGraceMs?: number;
  /** Utterances at the same time, in the whole process. */
  maxConnections?: number;
  maxIdleConnections?: number;
}

type SampleRate = TtsRequest['sampleRate'];

const FORMATS: Record<SampleRate, SpeechSynthesisOutputFormat> = {
  16_000: SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm,
  24_000: SpeechSynthesisOutputFormat.Raw24Khz16BitMonoPcm,
};

/** Each request leaves 5 KB behind in the SDK, until its synthesizer goes: 1.5 MB. */
const MAX_REQUESTS = 300;

/** Only the calls of one campaign speak over them. */
const MAX_IDLE_OF_CUSTOM_VOICE = 2;

interface Limits {
  clock: Clock;
  firstByteTimeoutMs: number;
  chunkTimeoutMs: number;
  stopGraceMs: number;
}

/**
 * Speaks with the Azure Speech SDK over a few connections that all calls of the process share, one utterance at a time on each. The
 * voice and the language travel in the markup, so any connection of the right sample rate serves any call; only a custom voice has connections of
 * its own, for its deployment is named when they are opened.
 */
export class AzureTtsProvider implements TtsProvider {
  readonly #options: AzureTtsOptions;
  readonly #limits: Limits;
  readonly #pools = new SynthesizerPools((purpose) => this.#createPool(purpose));
  readonly #speaking = new Set<Utterance>();
  #closed = false;

  constructor(options: AzureTtsOptions) {
    this.#options = options;
    this.#limits = {
      clock: options.clock,
      firstByteTimeoutMs: options.firstByteTimeoutMs ?? 3_000,
      chunkTimeoutMs: options.chunkTimeoutMs ?? 2_000,
      stopGraceMs: options.stopGraceMs ?? 500,
    };
    azureSpeechConfig(options.endpoint).close(); // wrong settings show at start, not in the first call
  }

  speak(request: TtsRequest, listener: TtsListener): { cancel(): void } {
    const utterance = new Utterance({ listener, words: new WordMatcher(request) }, this.#limits, (code, details) => {
      this.#speaking.delete(utterance);
      if (code) this.#options.log.warn({ code, details }, 'an utterance could not be synthesised');
    });
    if (this.#closed) {
      utterance.refuse('closed');
    } else {
      this.#speaking.add(utterance);
      utterance.begin(this.#pools.get(request), speechMarkup(request));
    }
    return utterance;
  }

  warm(sampleRate: SampleRate): void {
    if (!this.#closed) this.#pools.get({ sampleRate }).warm();
  }

  /** Connections by what they do now. */
  connections(): { idle: number; busy: number; waiting: number } {
    return this.#pools.size;
  }

  close(): void {
    this.#closed = true;
    for (const utterance of [...this.#speaking]) utterance.fail('closed', '');
    this.#pools.close();
  }

  #createPool(purpose: ConnectionPurpose): SynthesizerPool<AzureSynthesizer> {
    const maxOpen = this.#options.maxConnections ?? 64;
    const maxIdle = purpose.customVoice === undefined ? (this.#options.maxIdleConnections ?? 8) : MAX_IDLE_OF_CUSTOM_VOICE;
    return new SynthesizerPool({
      create: () => new AzureSynthesizer(this.#config(purpose)),
      maxOpen,
      maxIdle: Math.min(maxOpen, maxIdle),
      maxServed: MAX_REQUESTS,
      maxWaiting: maxOpen,
    });
  }

  #config({ sampleRate, customVoice }: ConnectionPurpose): SpeechConfig {
    const config = azureSpeechConfig(this.#options.endpoint);
    config.speechSynthesisOutputFormat = FORMATS[sampleRate];
    if (customVoice !== undefined) config.endpointId = customVoice; // `deploymentId` in the URL of the connection
    return config;
  }
}

/** One utterance from its request to its end. It is settled once; whatever the service sends later is not heard. */
class Utterance {
  readonly #listener: TtsListener;
  readonly #words: WordMatcher;
  readonly #limits: Limits;
  readonly #settled: (code?: ProviderErrorCode, details?: string) => void;
  #open = true;
  #pool: SynthesizerPool<AzureSynthesizer> | undefined;
  #synthesizer: AzureSynthesizer | undefined;
  #stopWaiting: (() => void) | undefined;
  #timer: TimerHandle | undefined;
  #lastAudioAt: number | undefined;
  /** Chunks may end in the middle of a sample. */
  #oddByte: number | undefined;

  constructor(
    { listener, words }: { listener: TtsListener; words: WordMatcher },
    limits: Limits,
    settled: (code?: ProviderErrorCode, details?: string) => void,
  ) {
    this.#listener = listener;
    this.#words = words;
    this.#limits = limits;
    this.#settled = settled;
  }

  begin(pool: SynthesizerPool<AzureSynthesizer>, ssml: string): void {
    this.#pool = pool;
    this.#setTimer(this.#limits.firstByteTimeoutMs, () => this.#checkPace());
    const stopWaiting = pool.acquire((synthesizer) => this.#speak(synthesizer, ssml));
    if (!stopWaiting) this.refuse('tts_busy');
    else this.#stopWaiting = stopWaiting;
  }

  /** Fails, but not before the caller has its handle. */
  refuse(code: ProviderErrorCode): void {
    this.#setTimer(0, () => this.fail(code, ''));
  }

  cancel(): void {
    if (!this.#settle()) return;
    const synthesizer = this.#synthesizer;
    if (!synthesizer) return;
    synthesizer.stop();
    this.#setTimer(this.#limits.stopGraceMs, () => this.#giveUp(synthesizer));
  }

  fail(code: ProviderErrorCode, details: string): void {
    if (!this.#settle(code, details)) return;
    if (this.#synthesizer) this.#giveUp(this.#synthesizer);
    this.#listener.failed(new ProviderError(code, details));
  }

  #speak(synthesizer: AzureSynthesizer, ssml: string): void {
    this.#synthesizer = synthesizer;
    synthesizer.speak(ssml, {
      audio: (chunk) => this.#audio(chunk),
      word: (word) => this.#tellWords((words) => words.take(word)),
      finished: () => this.#finished(synthesizer),
      failed: (details) => {
        if (this.#open) this.fail(`tts_${complaintIn(details)}`, details);
        else this.#giveBack(synthesizer);
      },
    });
  }

  #audio(chunk: ArrayBuffer): void {
    if (!this.#open) return;
    this.#lastAudioAt = this.#limits.clock.now();
    const samples = this.#samples(chunk);
    if (samples.length > 0) this.#listener.audio(samples);
  }

  #tellWords(known: (words: WordMatcher) => WordMark[]): void {
    const marks = this.#open ? known(this.#words) : [];
    if (marks.length > 0) this.#listener.words?.(marks);
  }

  #finished(synthesizer: AzureSynthesizer): void {
    this.#tellWords((words) => words.end());
    const wasOpen = this.#settle();
    this.#giveBack(synthesizer);
    if (wasOpen) this.#listener.done();
  }

  /** One timer for the whole utterance, not one per chunk. */
  #checkPace(): void {
    const lastAudioAt = this.#lastAudioAt;
    const lateMs = lastAudioAt === undefined ? Infinity : this.#limits.clock.now() - lastAudioAt;
    if (lateMs < this.#limits.chunkTimeoutMs) this.#setTimer(this.#limits.chunkTimeoutMs - lateMs, () => this.#checkPace());
    else this.fail('tts_timeout', lastAudioAt === undefined ? 'no audio came' : 'the audio stopped');
  }

  #settle(code?: ProviderErrorCode, details?: string): boolean {
    if (!this.#open) return false;
    this.#open = false;
    this.#timer?.cancel();
    this.#stopWaiting?.();
    this.#settled(code, details);
    return true;
  }

  #giveUp(synthesizer: AzureSynthesizer): void {
    synthesizer.dispose();
    this.#giveBack(synthesizer);
  }

  #giveBack(synthesizer: AzureSynthesizer): void {
    this.#timer?.cancel();
    this.#pool?.release(synthesizer);
  }

  #setTimer(delayMs: number, callback: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#limits.clock.setTimer(this.#limits.clock.now() + delayMs, callback);
  }

  #samples(chunk: ArrayBuffer): Int16Array {
    let bytes = new Uint8Array(chunk);
    if (this.#oddByte !== undefined) bytes = Uint8Array.from([this.#oddByte, ...bytes]);
    this.#oddByte = bytes.length % 2 === 1 ? bytes[bytes.length - 1] : undefined;
    return new Int16Array(bytes.slice(0, bytes.length - (bytes.length % 2)).buffer);
  }
}
