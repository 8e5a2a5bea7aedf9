import {
  AudioConfig,
  AudioInputStream,
  CancellationErrorCode,
  CancellationReason,
  Connection,
  OutputFormat,
  PhraseListGrammar,
  PropertyId,
  type PushAudioInputStream,
  ResultReason,
  type SpeechConfig,
  SpeechRecognizer,
} from 'microsoft-cognitiveservices-speech-sdk';
import type { SttListener, SttProvider, SttStream } from '@carillon/pipeline';
import { type AzureEndpoint, azureSpeechConfig, complaintIn, withoutKeys } from './azure-endpoint.js';
import { ProviderError } from './provider-error.js';
import type { ProviderLog } from './provider-log.js';

export interface AzureSttOptions {
  endpoint: AzureEndpoint;
  log: ProviderLog;
  /** Silence that ends an utterance. */
  segmentationSilenceMs?: number;
  /** After so much silence the service says so, which frees the audio that the SDK keeps for replay. */
  initialSilenceMs?: number;
  /**
   * Audio is sent in blocks of this length. The SDK's own 100 ms bring 20 ms frames to the service 41 ms late on average; 20 ms blocks
   * half a millisecond late, for twice the CPU. 40 ms is 10 ms late, for a quarter more.
   */
  blockMs?: number;
  finalP99Ms?: number;
  /** So much audio without a word from the service means that it, or the SDK, went deaf. */
  deafAfterMs?: number;
}

/** The service takes a few hundred phrases; more make it slower and are ignored. */
const MAX_PHRASES = 300;

const BYTES_PER_MS = 32;
const SAMPLES_PER_MS = 16;

/** Recognises 16 kHz telephone audio with the Azure Speech SDK, one connection per call. */
export class AzureSttProvider implements SttProvider {
  readonly finalP99Ms: number;
  readonly #options: AzureSttOptions;

  constructor(options: AzureSttOptions) {
    this.#options = options;
    this.finalP99Ms = options.finalP99Ms ?? 1_000;
    azureSpeechConfig(options.endpoint).close(); // wrong settings show at start, not in the first call
  }

  open(options: { language: string; phrases: readonly string[] }, listener: SttListener): SttStream {
    const config = this.#config(options.language);
    const input = createInput(this.#options.blockMs ?? 40, this.#options.log);
    const recognizer = new SpeechRecognizer(config, AudioConfig.fromStreamInput(input));
    if (options.phrases.length > 0) PhraseListGrammar.fromRecognizer(recognizer).addPhrases(options.phrases.slice(0, MAX_PHRASES));
    return new AzureSttStream(recognizer, input, listener, { log: this.#options.log, deafAfterMs: this.#options.deafAfterMs ?? 30_000 });
  }

  #config(language: string): SpeechConfig {
    const config = azureSpeechConfig(this.#options.endpoint);
    config.speechRecognitionLanguage = language;
    config.outputFormat = OutputFormat.Detailed;
    config.setProperty(PropertyId.Speech_SegmentationSilenceTimeoutMs, String(this.#options.segmentationSilenceMs ?? 500));
    config.setProperty(PropertyId.SpeechServiceConnection_InitialSilenceTimeoutMs, String(this.#options.initialSilenceMs ?? 8_000));
    return config;
  }
}

function createInput(blockMs: number, log: ProviderLog): PushAudioInputStream {
  const input = AudioInputStream.createPushStream();
  const blocks = (input as unknown as { privStream?: { privTargetChunkSize?: unknown } }).privStream;
  if (typeof blocks?.privTargetChunkSize === 'number') blocks.privTargetChunkSize = blockMs * BYTES_PER_MS;
  else log.warn({ blockMs }, 'this speech SDK keeps its own audio block size: transcripts come later');
  return input;
}

class AzureSttStream implements SttStream {
  readonly #recognizer: SpeechRecognizer;
  readonly #input: PushAudioInputStream;
  readonly #listener: SttListener;
  readonly #options: { log: ProviderLog; deafAfterMs: number };
  /** Audio since the service was last heard of. Counted in audio, so that a call without audio is not deaf. */
  #unheardMs = 0;
  #isTaken = false;
  #closed = false;

  constructor(
    recognizer: SpeechRecognizer,
    input: PushAudioInputStream,
    listener: SttListener,
    options: { log: ProviderLog; deafAfterMs: number },
  ) {
    this.#recognizer = recognizer;
    this.#input = input;
    this.#listener = listener;
    this.#options = options;
    this.#listen();
    recognizer.startContinuousRecognitionAsync(undefined, (error) => this.#fail(refusal(String(error))));
  }

  push(frame: Int16Array): void {
    if (this.#closed) return;
    this.#unheardMs += frame.length / SAMPLES_PER_MS;
    if (this.#unheardMs > this.#options.deafAfterMs) {
      this.#fail(new ProviderError('stt_deaf'));
      return;
    }
    // A copy: the SDK keeps a buffer of exactly one block, and all audio since the last final for replay.
    this.#input.write(new Int16Array(frame).buffer);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.close();
    // Not stopContinuousRecognition: nobody waits for a last transcript, and it would wait for the service's turn.end, for ever if that
    // is lost (the SDK's Recognizer_StopTimeoutMs would end that, at the price of a timer per call that nothing clears).
    const unclean = (error: string) => this.#options.log.debug({ details: withoutKeys(error) }, 'a recogniser did not close cleanly');
    // Otherwise the connection of a turn that has begun stays open until the service ends that turn.
    Connection.fromRecognizer(this.#recognizer).closeConnection(undefined, unclean);
    this.#recognizer.close(undefined, unclean);
  }

  #listen(): void {
    const heard = () => (this.#unheardMs = 0);
    this.#recognizer.sessionStarted = () => {
      heard();
      if (!this.#closed && !this.#isTaken) this.#listener.opened?.();
      this.#isTaken = true;
    };
    this.#recognizer.speechStartDetected = heard;
    this.#recognizer.speechEndDetected = heard;
    this.#recognizer.recognizing = (_, event) => {
      heard();
      if (this.#closed || event.result.text === '') return;
      this.#listener.interim(event.result.text);
    };
    this.#recognizer.recognized = (_, event) => {
      heard();
      if (!this.#closed) this.#recognized(event.result.reason, event.result.text, event.result.json);
    };
    this.#recognizer.canceled = (_, event) => {
      if (event.reason === CancellationReason.Error) this.#fail(refusal(event.errorDetails, event.errorCode));
    };
  }

  #recognized(reason: ResultReason, text: string, json: string): void {
    if (reason === ResultReason.RecognizedSpeech && text !== '') this.#listener.final(text, confidenceIn(json));
    else this.#listener.interim('');
  }

  #fail(error: ProviderError): void {
    if (this.#closed) return;
    this.#options.log.warn({ code: error.code, details: error.details }, 'a recognition failed');
    this.close();
    this.#listener.failed(error);
  }
}

function refusal(said: string, code?: CancellationErrorCode): ProviderError {
  const details = withoutKeys(said);
  const complaint = complaintIn(details, code === CancellationErrorCode.BadRequestParameters || undefined);
  return new ProviderError(`stt_${complaint}`, details);
}

/** 1 where the service gives none. */
function confidenceIn(json: string): number {
  const phrase = JSON.parse(json) as { NBest?: { Confidence?: unknown }[] };
  const confidence = phrase.NBest?.[0]?.Confidence;
  return typeof confidence === 'number' ? confidence : 1;
}
