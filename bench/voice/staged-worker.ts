import { randomUUID } from 'node:crypto';
import type { CallContext, LatencyLedger } from '@carillon/contracts';
import {
  createMemoryOutside,
  monotonicClock,
  startMediaWorker,
  type CallProviders,
  type MediaCarrier,
  type Outside,
} from '@carillon/media-worker';
import { createHealth, createLogger, createMetrics, type Logger } from '@carillon/platform';
import type { Ms } from '@carillon/pipeline';
import { SileroVadEngine } from '@carillon/providers';
import { acsMediaCodec, createAcsCarrier, createCallTokens, mediaUrl } from '@carillon/telephony';
import { trace } from '@opentelemetry/api';
import type { CarrierTrust } from './bench-carrier.js';

export interface StagedWorkerOptions {
  calls: number;
  trust: CarrierTrust;
  providersFor(context: CallContext, shared: { vad: SileroVadEngine; log: Logger }): CallProviders;
  conversation?: (ordinal: number) => CallContext['conversation'];
  /** All calls belong to it; without it they are calls of nobody's. */
  campaignId?: string;
}

/** What is known of one reply, the ordinal of its call, and when its first frame went out on the worker's clock. */
export interface Reply {
  call: number;
  ledger: LatencyLedger;
  startedAt: Ms;
}

export interface StagedWorker {
  /** One for each call, in the order of their ordinals. */
  mediaUrls: string[];
  vad: SileroVadEngine;
  replies: Reply[];
  contexts: readonly CallContext[];
  /** What it tells whoever reads its metrics. */
  metrics(): Promise<string>;
  close(): Promise<void>;
}

const MAX_CALL_MS = 3_600_000;

/**
 * The production composition of a media worker over real sockets, with the real voice detector, and with memory where production has Postgres and Redis: these
 * benches are about the sound. Nothing outside keeps anything of a call that is over.
 */
export async function stageWorker(options: StagedWorkerOptions): Promise<StagedWorker> {
  const log = createLogger('bench', { level: 'warn', pii: false });
  const vad = new SileroVadEngine({ clock: monotonicClock, log });
  await vad.ready();
  const tokens = createCallTokens(randomUUID() + randomUUID());
  const contexts = Array.from({ length: options.calls }, (_, ordinal) => callContext(options, ordinal));
  const replies: Reply[] = [];
  const worker = await startMediaWorker({
    hostName: 'bench',
    listen: { host: '127.0.0.1', port: 0 },
    slots: options.calls,
    context: { log, metrics: createMetrics('media-worker'), health: createHealth(), tracer: trace.getTracer('bench') },
    time: { clock: monotonicClock, wallNow: Date.now },
    tokens,
    outside: outside(options.trust, contexts, replies),
    providersFor: (context) => options.providersFor(context, { vad, log }),
  });
  const expiresAt = new Date(Date.now() + MAX_CALL_MS);
  const mediaUrls = await Promise.all(
    contexts.map(({ tenantId, callId }) => mediaUrl(worker.url.replace('http', 'ws'), { tenantId, callId }, expiresAt, tokens)),
  );
  const metrics = async () => (await fetch(`${worker.url}/metrics`)).text();
  const close = async () => {
    await worker.close();
    await vad.close();
  };
  return { mediaUrls, vad, replies, contexts, metrics, close };
}

function outside(trust: CarrierTrust, contexts: readonly CallContext[], replies: Reply[]): Outside {
  const ordinals = new Map(contexts.map(({ callId }, ordinal) => [callId, ordinal]));
  return {
    ...createMemoryOutside(carrierOf(trust)).outside,
    directory: {
      async admit({ tenantId, callId }) {
        const context = contexts[ordinals.get(callId) ?? -1];
        return context === undefined ? 'unknown' : { owner: { tenantId, callId, epoch: 1 }, context: { ...context }, exchangesBefore: 0 };
      },
      connectionId: async () => null,
      isStillOurs: async () => true,
      giveUpLine: async () => 'lost',
    },
    conversations: {
      bind: async () => ({ nextSeq: 0 }),
      async append({ callId }, messages) {
        const wallAhead = Date.now() - monotonicClock.now();
        for (const { ledger, createdAt } of messages) {
          if (ledger) replies.push({ call: ordinals.get(callId) ?? -1, ledger, startedAt: createdAt.getTime() - wallAhead });
        }
        return true;
      },
      claim: async () => true,
      close: async () => true,
    },
    snapshots: { keep: async () => true },
    conveyor: { enqueue: async () => undefined },
    live: { publish: async () => undefined },
  };
}

function carrierOf({ jwksUrl, issuer, audience }: CarrierTrust): MediaCarrier {
  const connectionString = `endpoint=http://127.0.0.1:1/;accesskey=${Buffer.from('bench').toString('base64')}`;
  const carrier = createAcsCarrier({ connectionString, issuer, audience, jwksUrl });
  return {
    verify: (authorization) => carrier.verify(authorization),
    hangUp: () => Promise.resolve(),
    transfer: () => Promise.resolve(),
    codec: acsMediaCodec,
    connectionIdHeader: 'x-ms-call-connection-id',
  };
}

function callContext(options: StagedWorkerOptions, ordinal: number): CallContext {
  const conversation = options.conversation?.(ordinal);
  return {
    tenantId: 'default',
    callId: randomUUID(),
    conversationId: randomUUID(),
    campaignId: options.campaignId ?? null,
    phoneE164: '+14155550142',
    initiate: {
      bot_company: 'Contoso',
      bot_name: 'Amélie',
      task: 'Listen.',
      agent_phone_number: '+14155550100',
      claim: [],
      lang: { default_short_code: 'en-US', availables: [{ short_code: 'en-US', voice: 'en-US-JennyNeural', pronunciations_en: [] }] },
      prosody_rate: 1,
    },
    variables: {},
    claim: {},
    history: [],
    ...(conversation && { conversation }),
    maxCallMs: MAX_CALL_MS,
    traceparent: null,
  };
}
