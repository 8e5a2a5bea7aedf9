import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CallContext, LatencyLedger } from '@carillon/contracts';
import { monotonicClock, startMediaWorker, type CallProviders, type Outside } from '@carillon/media-worker';
import type { Clock } from '@carillon/pipeline';
import { createHealth, createLogger, createMetrics } from '@carillon/platform';
import { SileroVadEngine } from '@carillon/providers';
import { acsMediaCodec, createAcsCarrier, createCallTokens, mediaUrl } from '@carillon/telephony';
import { ScriptedLlm, ScriptedStt, ScriptedTts } from '@carillon/testing';
import { trace } from '@opentelemetry/api';
import type { WorkerFrames, WorkerReport } from './messages.js';

/** The scripted providers of the bench: what they take is known, so what is left is ours. */
const SCRIPT = { finalAfterMs: 200, ttftMs: 200, ttfbMs: 150, endpointWaitMs: 500 };
const RESOLUTION_MS = 1;
const ANSWER = 'All right, thank you for that. What else is there?';

interface StartOrder {
  calls: number;
  jwksUrl: string;
  issuer: string;
  audience: string;
}

const [order] = (await once(process, 'message')) as [StartOrder];
const log = createLogger('bench', { level: 'warn', pii: false });
const ledgers: LatencyLedger[] = [];
const vad = new SileroVadEngine({ clock: monotonicClock, log });
await vad.ready();
const tokens = createCallTokens(randomUUID() + randomUUID());
const worker = await startMediaWorker({
  hostName: 'bench',
  listen: { host: '127.0.0.1', port: 0 },
  slots: order.calls,
  context: { log, metrics: createMetrics('media-worker'), health: createHealth(), tracer: trace.getTracer('bench') },
  time: { clock: monotonicClock, wallNow: Date.now },
  tokens,
  outside: outside(order, ledgers),
  providersFor: () => providers(monotonicClock, vad),
});
const calls = Array.from({ length: order.calls }, () => ({ tenantId: 'default', callId: randomUUID() }));
const expiresAt = new Date(Date.now() + 3_600_000);
const mediaUrls = await Promise.all(calls.map((call) => mediaUrl(worker.url.replace('http', 'ws'), call, expiresAt, tokens)));
process.send?.({ type: 'ready', mediaUrls });

await once(process, 'message');
const measured = startMeasuring();
await once(process, 'message');
process.send?.(measured());
await once(process, 'message');
process.send?.(await framesOf(worker.url));
await once(process, 'message');
await worker.close();
await vad.close();
process.disconnect();

function startMeasuring(): () => WorkerReport {
  const loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loopDelay.enable();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const windowsBefore = vad.statistics().windows;
  const ledgersBefore = ledgers.length;
  return () => {
    const elapsedMs = performance.now() - startedAt;
    const cpu = process.cpuUsage(cpuBefore);
    const replies = ledgers.slice(ledgersBefore);
    const statistics = vad.statistics();
    return {
      type: 'report',
      turns: replies.length,
      replyMs: replies.map((ledger) => ledger.replyMs),
      engineMs: replies.map(engineMs),
      vadWindows: statistics.windows - windowsBefore,
      vadQueueP99Ms: statistics.latencyP99Ms,
      loopDelayP99Ms: loopDelayP99(loopDelay),
      coresUsed: (cpu.user + cpu.system) / 1000 / elapsedMs,
      rssMb: process.memoryUsage.rss() / 1_048_576,
    };
  };
}

/** The monitor counts its own interval in. */
function loopDelayP99(histogram: ReturnType<typeof monitorEventLoopDelay>): number {
  return Math.max(0, histogram.percentile(99) / 1_000_000 - RESOLUTION_MS);
}

/** What is left of a reply when the providers' scripted times and the wait that the policy wants are taken out. */
function engineMs(ledger: LatencyLedger): number {
  return Math.max(0, ledger.replyMs - SCRIPT.endpointWaitMs - SCRIPT.ttftMs - SCRIPT.ttfbMs);
}

function providers(clock: Clock, shared: SileroVadEngine): CallProviders {
  return {
    vad: shared,
    stt: new ScriptedStt({
      utterances: () => 'i would like to tell you something about it',
      finalAfterMs: SCRIPT.finalAfterMs,
      finalP99Ms: 600,
    }),
    llm: new ScriptedLlm({ clock, answers: () => ANSWER, ttftMs: SCRIPT.ttftMs, wordsPerToken: 50 }),
    tts: new ScriptedTts({ clock, ttfbMs: SCRIPT.ttfbMs, level: 3_000 }),
  };
}

/** Memory where production has Postgres and Redis: this bench is about the sound. */
function outside({ jwksUrl, issuer, audience }: StartOrder, sink: LatencyLedger[]): Outside {
  const connectionString = `endpoint=http://127.0.0.1:1/;accesskey=${Buffer.from('bench').toString('base64')}`;
  const carrier = createAcsCarrier({ connectionString, issuer, audience, jwksUrl });
  return {
    carrier: {
      verify: (authorization) => carrier.verify(authorization),
      hangUp: () => Promise.resolve(),
      codec: acsMediaCodec,
      connectionIdHeader: 'x-ms-call-connection-id',
    },
    requestsOf: () => ({ optOut: () => Promise.resolve(), callBack: (localTime) => Promise.resolve({ at: localTime }) }),
    directory: {
      admit: (call) => Promise.resolve({ owner: { ...call, epoch: 1 }, context: callContext(call), exchangesBefore: 0 }),
      connectionId: () => Promise.resolve(null),
      isStillOurs: () => Promise.resolve(true),
    },
    conversations: {
      bind: () => Promise.resolve({ nextSeq: 0 }),
      append: (_owner, messages) => {
        for (const message of messages) if (message.ledger) sink.push(message.ledger);
        return Promise.resolve(true);
      },
      claim: () => Promise.resolve(true),
      close: () => Promise.resolve(true),
    },
    conveyor: { enqueue: () => Promise.resolve() },
    live: { publish: () => Promise.resolve() },
    fleet: { announce: () => Promise.resolve(), withdraw: () => Promise.resolve() },
  };
}

function callContext(call: { tenantId: string; callId: string }): CallContext {
  return {
    ...call,
    conversationId: randomUUID(),
    campaignId: null,
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
    // one wait for every end of a turn, and no drafts: what is measured is the engine, so the floor must be known
    conversation: { vad_silence_confident_ms: SCRIPT.endpointWaitMs, vad_silence_adaptive: false, speculation: 'off' },
    maxCallMs: 3_600_000,
    traceparent: null,
  };
}

/** Frames in and out, read as anybody reads them: from the worker's metrics. */
async function framesOf(url: string): Promise<WorkerFrames> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name}(?:{[^}]*})? (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { type: 'frames', framesReceived: value('carillon_media_frames_in_total'), framesSent: value('carillon_media_frames_out_total') };
}
