import type { ArmedFailpoint } from '../failpoints.js';

export type ServiceName = 'api' | 'dialer-worker' | 'media-worker' | 'simulator';

export const SERVICE_NAMES = ['api', 'dialer-worker', 'media-worker', 'simulator'] as const satisfies readonly ServiceName[];

/** Everything that may differ between two installations. Texts that are not set, and not needed by the service, are empty. */
export interface CarillonConfig {
  database: { url: string };
  redis: { url: string };
  http: {
    host: string;
    /** 0 takes any free port, here and in the next three. */
    apiPort: number;
    dialerPort: number;
    mediaPort: number;
    simulatorPort: number;
    /** Where the carrier reaches the api, without a slash at the end. */
    publicApiUrl: string;
    /** Where the carrier reaches the media workers' front door (ws or wss), without a slash at the end. */
    publicMediaUrl: string;
  };
  acs: {
    connectionString: string;
    sourceNumbers: string[];
    issuer: string;
    audience: string;
    jwksUrl: string;
    /** Of the account with the carrier, over all tenants; null: not limited by us. */
    limits: { maxConcurrent: number | null; callsPerSecond: number | null; dailyCap: number | null };
  };
  tokens: { callSecret: string };
  /** `fallback`: a second Speech resource; with an empty key there is none. */
  speech: SpeechEndpoint & {
    fallback: SpeechEndpoint;
    /** What speaks with the recogniser. */
    sttClient: SttClient;
  };
  llm: {
    fast: LlmEndpoint;
    slow: LlmEndpoint;
    /** A third model, best of another service; with an empty model there is none. */
    other: LlmEndpoint;
    /** When a reply is slow, the slow model is asked as well: after so long, for at most this share of the replies. */
    hedge: { afterMs: number; share: number };
  };
  media: {
    slots: number;
    /** Hz, of both directions of the calls that we place. */
    sampleRate: 16_000 | 24_000;
    /** Event-loop delay (p99) beyond which a media worker takes no further call. */
    loopDelayMaxMs: number;
    /** Base URL at which other media workers reach this one; empty: its host name, or the address that it listens on. */
    peerUrl: string;
    /** Speech that is kept: at most so much in memory, and in a folder so much for the processes to come; without a folder none. */
    speechCache: { memoryMb: number; dir: string; diskMb: number };
    /** Where calls keep the logs that their campaigns ask for; empty: nowhere. */
    callLogDir: string;
  };
  dialer: { concurrency: number };
  log: { level: LogLevel; pii: boolean };
  telemetry: { endpoint: string; sampleRatio: number };
  /** How long running work may take to end once the process is asked to stop. */
  shutdown: { drainMs: number };
  /** Fault drills; empty in all other life. */
  drill: { failpoints: ArmedFailpoint[] };
  simulator: {
    speechLibraries: string;
    speechModel: string;
    /** What its services take as key, base64. */
    key: string;
    /** Audience of the tokens that its carrier signs. */
    audience: string;
  };
}

/** A WebSocket client of our own, or the vendor's SDK. */
export const STT_CLIENTS = ['socket', 'sdk'] as const;
export type SttClient = (typeof STT_CLIENTS)[number];

export interface SpeechEndpoint {
  sttUrl: string;
  ttsUrl: string;
  region: string;
  key: string;
}

export interface LlmEndpoint {
  url: string;
  key: string;
  model: string;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
