import type { Clock, Ms, SttListener, SttProvider, SttStream } from '@carillon/pipeline';
import type { AzureEndpoint } from './azure-endpoint.js';
import type { ProviderLog } from './provider-log.js';
import { recognitionAddress, recognitionUrl, speechContext, type RecognitionSettings } from './speech-socket/recognition-request.js';
import { RecognitionStream } from './speech-socket/recognition-stream.js';
import { SpareConnections } from './speech-socket/spare-connections.js';
import { SpeechConnection } from './speech-socket/speech-connection.js';

export interface AzureSttSocketOptions {
  endpoint: AzureEndpoint;
  clock: Clock;
  log: ProviderLog;
  /** Silence that ends an utterance. */
  segmentationSilenceMs?: Ms;
  /** After so much silence the service says so, which frees the audio that is kept. */
  initialSilenceMs?: Ms;
  /** Audio is sent in blocks of this length. */
  blockMs?: Ms;
  finalP99Ms?: Ms;
  /** So much audio without a word from the service means that it went deaf. */
  deafAfterMs?: Ms;
  handshakeTimeoutMs?: Ms;
  /** So much of the audio that no phrase covers yet is said again after a lost connection. 32 kB a second and call, as is what a handshake may take. */
  replayMs?: Ms;
  /** Connections that are open before a call needs one, and how long they are kept. */
  maxSpares?: number;
  keepSparesMs?: Ms;
}

const DEFAULTS = {
  segmentationSilenceMs: 500,
  initialSilenceMs: 8_000,
  blockMs: 20,
  finalP99Ms: 1_000,
  deafAfterMs: 30_000,
  handshakeTimeoutMs: 3_000,
  // the service takes five seconds at once; what comes in during a handshake is kept beside them
  replayMs: 5_000,
  maxSpares: 8,
  keepSparesMs: 30_000,
};

/** Recognises 16 kHz telephone audio over the Azure Speech protocol itself, without the SDK: one WebSocket per call, or a spare one that is open already. */
export class AzureSttSocketProvider implements SttProvider {
  readonly finalP99Ms: Ms;
  readonly #options: typeof DEFAULTS & AzureSttSocketOptions;
  readonly #address: URL;
  readonly #spares: SpareConnections;

  constructor(options: AzureSttSocketOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#address = recognitionAddress(options.endpoint); // wrong settings show at start, not in the first call
    const { finalP99Ms, clock, log, maxSpares: most, keepSparesMs: keepMs } = this.#options;
    this.finalP99Ms = finalP99Ms;
    this.#spares = new SpareConnections({ open: (language) => this.#connect(language), clock, log, most, keepMs });
  }

  open({ language, phrases }: { language: string; phrases: readonly string[] }, listener: SttListener): SttStream {
    const first = this.#spares.take(language) ?? this.#connect(language);
    const context = speechContext(language, phrases, this.#settings);
    return new RecognitionStream(first, listener, { ...this.#options, context, connect: () => this.#connect(language) });
  }

  /** Opens one connection more ahead of need, of a bounded number. */
  warm(language: string): void {
    this.#spares.warm(language);
  }

  /** Lets go of the spare connections; calls go on. */
  close(): void {
    this.#spares.close();
  }

  #connect(language: string): SpeechConnection {
    const { endpoint, clock, handshakeTimeoutMs } = this.#options;
    const url = recognitionUrl(this.#address, language, this.#settings);
    return new SpeechConnection({ url, key: endpoint.key, clock, handshakeTimeoutMs });
  }

  get #settings(): RecognitionSettings {
    return this.#options;
  }
}
