import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SpeechEngines } from '../engines/speech-engines.js';
import { RecognitionConnection } from './recognition-connection.js';
import type { SpeechFaults } from './speech-faults.js';
import type { SpeechRecogniser } from './speech-recogniser.js';
import { SpeechSocket } from './speech-socket.js';
import { SynthesisConnection } from './synthesis-connection.js';

export interface SpeechServiceOptions {
  /** The subscription key that clients have to show. */
  key: string;
  recogniser: SpeechRecogniser;
  engines: Pick<SpeechEngines, 'synthesise'>;
  log: { error(fields: object, message: string): void };
  /** Before the first audio of an utterance; a cloud voice takes about so long. */
  firstByteDelayMs?: number;
  /** How many times faster than it plays audio is sent. */
  synthesisSpeed?: number;
  faults?: SpeechFaults;
}

export interface SpeechService {
  readonly recogniser: SpeechRecogniser['name'];
  /** False when the request is for somebody else; otherwise it is answered, with an error if need be. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  connections(): number;
  /** Cuts every connection, as a broken network would. */
  dropAll(): void;
  close(): void;
}

/** The paths of both versions of the service, with and without our prefix. */
const RECOGNITION_PATH = /^(\/stt)?\/speech\/(universal\/v2|recognition\/(conversation|interactive|dictation)\/cognitiveservices\/v1)$/;
const SYNTHESIS_PATH = /^(\/tts)?\/cognitiveservices\/websocket\/v[12]$/;

/** The largest message of a client is a block of audio, or a long text. */
const MAX_MESSAGE_BYTES = 1 << 20;

const REASONS = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 429: 'Too Many Requests', 503: 'Service Unavailable' };

/** The Azure Speech service, as far as its clients can tell: recognition and synthesis over their WebSocket protocol. */
export function createSpeechService(options: SpeechServiceOptions): SpeechService {
  const faults = options.faults ?? {};
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
  const dropAll = () => {
    for (const client of server.clients) client.terminate();
  };
  return {
    recogniser: options.recogniser.name,
    handleUpgrade(request, socket, head) {
      const url = new URL(request.url ?? '/', 'ws://speech');
      const serves = SYNTHESIS_PATH.test(url.pathname) ? synthesise : RECOGNITION_PATH.test(url.pathname) ? recognise : undefined;
      if (!serves && !/^\/(stt|tts)\//.test(url.pathname)) return false;
      const refusal = serves ? (faults.handshakeStatus ?? (showsKey(request, url, options.key) ? undefined : 401)) : 404;
      if (refusal !== undefined) refuse(socket, refusal);
      else server.handleUpgrade(request, socket, head, (webSocket) => serves?.(webSocket, url, options, faults));
      return true;
    },
    connections: () => server.clients.size,
    dropAll,
    close() {
      dropAll();
      server.close();
    },
  };
}

function recognise(webSocket: WebSocket, url: URL, { recogniser, log }: SpeechServiceOptions, faults: SpeechFaults): void {
  new RecognitionConnection(new SpeechSocket(webSocket, faults), recogniser, url.searchParams, (error) =>
    log.error({ err: error }, 'an utterance could not be recognised'),
  );
}

function synthesise(webSocket: WebSocket, _url: URL, options: SpeechServiceOptions, faults: SpeechFaults): void {
  new SynthesisConnection(new SpeechSocket(webSocket, faults), {
    engines: options.engines,
    pace: () => ({
      firstByteDelayMs: (options.firstByteDelayMs ?? 80) + (faults.firstByteDelayMs ?? 0),
      speed: options.synthesisSpeed ?? 8,
    }),
    failed: (error) => options.log.error({ err: error }, 'an utterance could not be spoken'),
  });
}

/** The key comes in a header or, from clients that cannot set one, in the query; as a bearer token it is taken too. */
function showsKey(request: IncomingMessage, url: URL, key: string): boolean {
  const shown = [
    request.headers['ocp-apim-subscription-key'],
    url.searchParams.get('Ocp-Apim-Subscription-Key'),
    request.headers.authorization?.replace(/^Bearer /, ''),
    url.searchParams.get('Authorization')?.replace(/^Bearer /, ''),
  ];
  return shown.includes(key);
}

function refuse(socket: Duplex, status: keyof typeof REASONS): void {
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
