import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { CallContext } from '@carillon/contracts';
import { openCoordination, type Coordination } from '@carillon/coordination';
import { languageOfPerson, type LlmProvider, type SttProvider } from '@carillon/pipeline';
import { createFailpoints, type CarillonConfig, type RunningService, type ServiceContext } from '@carillon/platform';
import { SileroVadEngine, SpeexResamplers, type CachedTts } from '@carillon/providers';
import { openStore } from '@carillon/store';
import { acsMediaCodec, createAcsCarrier, createCallTokens } from '@carillon/telephony';
import { createCallSnapshots } from './call-snapshots.js';
import { personRequestsIn } from './person-requests-in.js';
import { conversationsIn } from './conversations-in.js';
import { openCallLogs } from './file-call-logs.js';
import { followRingingCalls, type FollowRingingCallsOptions } from './follow-ringing-calls.js';
import { holdInRedis } from './hold-in-redis.js';
import { keepWarm } from './keep-warm.js';
import { monotonicClock } from './monotonic-clock.js';
import { openProviders } from './open-providers.js';
import { openSpeechCache } from './open-speech-cache.js';
import type { MediaCarrier, Outside, Time } from './ports.js';
import { prepareWhileRinging } from './prepare-while-ringing.js';
import { PreparedSpeech } from './prepared-speech.js';
import { createProviderMetrics } from './provider-metrics.js';
import { countedBoard } from './shared-circuits.js';
import { addSpeechCacheMetrics } from './speech-cache-metrics.js';
import { startMediaWorker } from './start-media-worker.js';
import { TranslatedLines } from './translated-lines.js';
import { createTranslationMetrics } from './translation-metrics.js';
import { translationsIn } from './translations-in.js';
import { addVadMetrics } from './vad-metrics.js';

/** A batch of turns per call and third of a second is little: a few connections carry a full worker. */
const MAX_CONNECTIONS = 5;

/** The production composition: Postgres, Redis, ACS, Azure Speech, an OpenAI-compatible model, Silero. */
export async function openMediaWorker(context: ServiceContext): Promise<RunningService> {
  const { config, log } = context;
  const holderId = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  const time: Time = { clock: monotonicClock, wallNow: Date.now };
  const store = openStore(config.database.url, { maxConnections: MAX_CONNECTIONS });
  const onError = (error: Error) => log.warn({ err: error }, 'trouble on a Redis connection');
  const coordination = openCoordination({ redisUrl: config.redis.url, name: 'media-worker', onError });
  const { vad, stt, llm, speech, resamplers } = await openVoice(context, time, coordination);
  await vad.ready();
  const outside: Outside = {
    carrier: openCarrier(config),
    snapshots: createCallSnapshots(coordination.calls),
    ...holdInRedis({ db: store, coordination, holderId, log }),
    conversations: conversationsIn(store, createFailpoints({ armed: config.drill.failpoints, log })),
    requestsOf: personRequestsIn(store, () => new Date(time.wallNow())),
    conveyor: coordination.conveyor,
    live: coordination.live,
  };
  const ready = await prepareAhead(context, { store, calls: coordination.calls, stt, speech, llm, time });
  const callLogs = await openCallLogs(config, log);
  const worker = await startMediaWorker({
    hostName: hostname(),
    listen: { host: config.http.host, port: config.http.mediaPort },
    slots: config.media.slots,
    loopDelayMaxMs: config.media.loopDelayMaxMs,
    peerUrl: config.media.peerUrl || undefined,
    context,
    time,
    tokens: createCallTokens(config.tokens.callSecret, time.wallNow),
    outside,
    providersFor: () => ({ vad, stt, llm, tts: speech, resamplers }),
    prepare: ready.prepare,
    lines: ready.lines,
    callLogs,
  });
  coordination.calls
    .onTransferFailed(({ callId }) => worker.transferFailed(callId))
    .catch((error: unknown) => log.warn({ err: error }, 'failed transfers cannot be followed'));
  const letCool = keepWarm({ clock: time.clock, isNeeded: () => worker.openCalls > 0, warm: () => llm.warm() });
  return {
    url: worker.url,
    stopTaking: () => worker.stopTaking(),
    drain: (deadlineMs) => worker.drain(deadlineMs),
    async close() {
      letCool();
      ready.stop();
      await worker.close();
      await callLogs?.settled();
      stt.close();
      speech.close();
      await Promise.all([vad.close(), coordination.close(), store.close()]);
    },
  };
}

interface Ahead extends Pick<FollowRingingCallsOptions, 'store' | 'calls'> {
  stt: SttProvider;
  speech: CachedTts;
  llm: LlmProvider;
  time: Time;
}

/** Translates and renders what will be said, of the campaigns that run and while phones ring. */
async function prepareAhead({ config, log, metrics }: ServiceContext, { store, calls, stt, speech, llm, time }: Ahead) {
  const lines = new TranslatedLines({
    ...{ store: translationsIn(store, () => new Date(time.wallNow())), llm, clock: time.clock, log },
    metrics: createTranslationMetrics(metrics),
  });
  const prepared = new PreparedSpeech({ ...time, tts: speech, book: lines, sampleRate: config.media.sampleRate, log });
  const warm = (call: CallContext) => {
    stt.warm?.(languageOfPerson(call));
    speech.warm(config.media.sampleRate);
    llm.warm?.();
  };
  const whileRinging = prepareWhileRinging({ lines, prepared, clock: time.clock });
  await followRingingCalls({ store, calls, prepared: { prepare: whileRinging }, warm, log });
  return {
    lines,
    /** Of a call that was picked up already: it says what is there by now. */
    prepare(call: CallContext) {
      prepared.prepare(call);
      void lines.prepare(call);
    },
    stop() {
      lines.stop();
      prepared.stop();
    },
  };
}

/** What calls hear, think and speak with, and its figures. */
async function openVoice({ config, log, metrics }: ServiceContext, time: Time, { circuits }: Pick<Coordination, 'circuits'>) {
  const vad = new SileroVadEngine({ clock: time.clock, log });
  const board = countedBoard(circuits, metrics);
  const { stt, llm, tts } = openProviders(config, time, log, { observe: createProviderMetrics(metrics), board });
  const speech = await openSpeechCache(config.media.speechCache, { tts, clock: time.clock, log });
  addSpeechCacheMetrics(metrics, () => speech.statistics());
  addVadMetrics(metrics, () => vad.statistics());
  return { vad, stt, llm, speech, resamplers: await SpeexResamplers.load() };
}

function openCarrier({ acs }: CarillonConfig): MediaCarrier {
  const { verify, hangUp, transfer } = createAcsCarrier(acs);
  return { verify, hangUp, transfer, codec: acsMediaCodec, connectionIdHeader: 'x-ms-call-connection-id' };
}
