import type { CallContext } from '@carillon/contracts';
import type { Clock } from '@carillon/pipeline';
import { type Health, createHealth, createLogger, createMetrics, trace } from '@carillon/platform';
import { acsMediaCodec, createCallTokens, SignatureError } from '@carillon/telephony';
import { createRealClock, ScriptedLlm, ScriptedStt, ScriptedTts, ScriptedVad, ThinningResamplers } from '@carillon/testing';
import { WebSocket, type ClientOptions } from 'ws';
import { createMemoryOutside, type MemoryOutside } from './memory-outside.js';
import type { CallProviders, Outside } from './ports.js';
import { startMediaWorker, type MediaWorker, type MediaWorkerOptions } from './start-media-worker.js';

export const CALL_SECRET = 'a secret of more than 32 characters';
export const CARRIER_TOKEN = 'Bearer signed-by-the-carrier';
const FRAME_MS = 20;

export interface StagedWorker extends MemoryOutside {
  worker: MediaWorker;
  logLines: string[];
  hungUp: string[];
  /** What the carrier was asked to put through, and what it says to that. */
  transfers: { connectionId: string; toE164: string; callId: string }[];
  health: Health;
  metricsText(): Promise<string>;
  mediaUrl(callId: string, token?: string): Promise<string>;
}

export interface StagedWorkerOptions extends Pick<
  Partial<MediaWorkerOptions>,
  'hostName' | 'loopDelayMaxMs' | 'loopDelay' | 'prepare' | 'lines' | 'callLogs'
> {
  slots?: number;
  contexts?: CallContext[];
  /** Instead of memory. */
  outside?: Partial<Outside>;
  providersFor?(context: CallContext): CallProviders;
  clock?: Clock;
  /** What the carrier does when it is to put somebody through; it takes it if not said. */
  onTransfer?(): Promise<void>;
}

/** A media worker on a real port with memory around it and scripted providers. */
export async function stageWorker({
  slots = 10,
  contexts = [],
  outside = {},
  providersFor = scriptedProviders,
  onTransfer = () => Promise.resolve(),
  clock = createRealClock(),
  ...load
}: StagedWorkerOptions): Promise<StagedWorker> {
  const hungUp: string[] = [];
  const transfers: StagedWorker['transfers'] = [];
  const logLines: string[] = [];
  const memory = createMemoryOutside({
    verify: async (authorization) => {
      if (authorization !== CARRIER_TOKEN) throw new SignatureError('the token has a wrong signature');
    },
    hangUp: async (connectionId) => void hungUp.push(connectionId),
    async transfer(connectionId, request) {
      transfers.push({ connectionId, ...request });
      await onTransfer();
    },
    codec: acsMediaCodec,
    connectionIdHeader: 'x-ms-call-connection-id',
  });
  for (const context of contexts) memory.addCall(context);
  const metrics = createMetrics('media-worker');
  const health = createHealth();
  const tokens = createCallTokens(CALL_SECRET);
  const worker = await startMediaWorker({
    hostName: 'host-1',
    ...load,
    listen: { host: '127.0.0.1', port: 0 },
    slots,
    context: {
      log: createLogger('media-worker', { level: 'debug', pii: true }, { write: (line) => void logLines.push(line) }),
      metrics,
      health,
      tracer: trace.getTracer('test'),
    },
    time: { clock, wallNow: Date.now },
    tokens,
    outside: { ...memory.outside, ...outside },
    providersFor,
  });
  const mediaUrl = async (callId: string, token?: string) => {
    const given = token ?? (await tokens.mediaToken({ tenantId: 'default', callId }, new Date(Date.now() + 60_000)));
    return `${worker.url.replace('http', 'ws')}/m/${callId}?token=${given}`;
  };
  return { ...memory, worker, logLines, hungUp, transfers, mediaUrl, health, metricsText: () => metrics.metrics() };
}

/** Quick talkers, so that a test takes a moment: 4 ms per character. */
export function scriptedProviders(): CallProviders {
  const clock = createRealClock();
  return {
    vad: new ScriptedVad(),
    stt: new ScriptedStt({ utterances: () => 'hello there' }),
    llm: new ScriptedLlm({ clock, answers: () => 'All right.', ttftMs: 10, tokenMs: 1 }),
    tts: new ScriptedTts({ clock, ttfbMs: 10, msPerCharacter: 4 }),
    resamplers: new ThinningResamplers(),
  };
}

export function callContext(callId: string, over: Partial<CallContext> = {}): CallContext {
  return {
    tenantId: 'default',
    callId,
    conversationId: `conversation-${callId}`,
    campaignId: null,
    phoneE164: '+14155550123',
    initiate: {
      bot_company: 'Acme',
      bot_name: 'Adam',
      task: 'Help.',
      agent_phone_number: '+14155550100',
      claim: [],
      lang: { default_short_code: 'en-US', availables: [{ short_code: 'en-US', voice: 'v', pronunciations_en: [] }] },
      prosody_rate: 1,
    },
    variables: {},
    claim: {},
    history: [],
    maxCallMs: 60_000,
    traceparent: null,
    ...over,
  };
}

/** What a handshake came to: a socket, or a status with its text. */
export function handshake(url: string, options: ClientOptions = {}): Promise<WebSocket | { status: number; text: string }> {
  const socket = new WebSocket(url, options);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    socket.once('error', reject);
  });
}

export async function openSocket(url: string, connectionId = 'connection-1'): Promise<WebSocket> {
  const opened = await handshake(url, { headers: { authorization: CARRIER_TOKEN, 'x-ms-call-connection-id': connectionId } });
  if (opened instanceof WebSocket) return opened;
  throw new Error(`refused with ${opened.status}: ${opened.text}`);
}

export function closed(socket: WebSocket): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) => socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })));
}

export const METADATA = JSON.stringify({
  kind: 'AudioMetadata',
  audioMetadata: { encoding: 'PCM', sampleRate: 16000, channels: 1, length: 640 },
});

/** The far end of one call: sends a frame each 20 ms and keeps what it hears. */
export class TestPhone {
  /** Every sample value that was ever heard. */
  readonly heard = new Set<number>();
  framesHeard = 0;
  /** Every length of a frame. */
  readonly samplesHeard = new Set<number>();
  private speakingUntil = 0;
  private beepingUntil = 0;
  private beeped = 0;
  private readonly ticker: NodeJS.Timeout;

  constructor(
    readonly socket: WebSocket,
    private readonly level = 5_000,
    private readonly sampleRate: 16000 | 24000 = 16000,
  ) {
    socket.on('message', (data: Buffer) => this.hear(data));
    socket.on('close', () => this.stop());
    socket.send(METADATA.replace('16000', String(sampleRate)));
    this.ticker = setInterval(() => this.tick(), FRAME_MS);
  }

  speak(durationMs: number): void {
    this.speakingUntil = performance.now() + durationMs;
  }

  /** The tone of an answering machine. */
  beep(durationMs: number): void {
    this.beepingUntil = performance.now() + durationMs;
  }

  stop(): void {
    clearInterval(this.ticker);
  }

  private tick(): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const now = performance.now();
    const frame = new Int16Array((this.sampleRate * FRAME_MS) / 1000).fill(now < this.speakingUntil ? this.level : 0);
    if (now < this.beepingUntil)
      frame.forEach((_, sample) => (frame[sample] = 6_000 * Math.sin((2 * Math.PI * 880 * this.beeped++) / this.sampleRate)));
    const data = Buffer.from(frame.buffer).toString('base64');
    this.socket.send(JSON.stringify({ kind: 'AudioData', audioData: { timestamp: new Date().toISOString(), data, silent: false } }));
  }

  private hear(data: Buffer): void {
    const message = acsMediaCodec.decode(data);
    if (message.type !== 'audio') return;
    this.framesHeard += 1;
    this.samplesHeard.add(message.pcm.length);
    for (const sample of message.pcm) this.heard.add(sample);
  }
}

/** Looks every few milliseconds until it is so. */
export async function eventually(isSo: () => boolean, what: string, patienceMs = 4_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
