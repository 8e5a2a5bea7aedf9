import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { openCoordination } from '@carillon/coordination';
import { createFailpoints, type CarillonConfig, type RunningService, type ServiceContext } from '@carillon/platform';
import { SileroVadEngine } from '@carillon/providers';
import { openStore } from '@carillon/store';
import { acsMediaCodec, createAcsCarrier, createCallTokens } from '@carillon/telephony';
import { createCallDirectory } from './call-directory.js';
import { personRequestsIn } from './person-requests-in.js';
import { conversationsIn } from './conversations-in.js';
import { monotonicClock } from './monotonic-clock.js';
import { openProviders } from './open-providers.js';
import type { CallProviders, MediaCarrier, Outside, Time } from './ports.js';
import { createProviderMetrics } from './provider-metrics.js';
import { startMediaWorker } from './start-media-worker.js';
import { addVadMetrics } from './vad-metrics.js';

/** A batch of turns per call and third of a second is little: a few connections carry a full worker. */
const MAX_CONNECTIONS = 5;

/** The production composition: Postgres, Redis, ACS, Azure Speech, an OpenAI-compatible model, Silero. */
export async function openMediaWorker(context: ServiceContext): Promise<RunningService> {
  const { config, log, metrics } = context;
  const workerId = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  const time: Time = { clock: monotonicClock, wallNow: Date.now };
  const store = openStore(config.database.url, { maxConnections: MAX_CONNECTIONS });
  const onError = (error: Error) => log.warn({ err: error }, 'trouble on a Redis connection');
  const coordination = openCoordination({ redisUrl: config.redis.url, name: 'media-worker', onError });
  const vad = new SileroVadEngine({ clock: time.clock, log });
  const providers: CallProviders = { vad, ...openProviders(config, time, log, createProviderMetrics(metrics)) };
  addVadMetrics(metrics, () => vad.statistics());
  await vad.ready();
  const outside: Outside = {
    carrier: openCarrier(config),
    directory: createCallDirectory({ db: store, desk: coordination.calls, workerId, log }),
    conversations: conversationsIn(store, createFailpoints({ armed: config.drill.failpoints, log })),
    requestsOf: personRequestsIn(store, () => new Date(time.wallNow())),
    conveyor: coordination.conveyor,
    live: coordination.live,
    fleet: coordination.fleet,
  };
  const worker = await startMediaWorker({
    hostName: hostname(),
    listen: { host: config.http.host, port: config.http.mediaPort },
    slots: config.media.slots,
    context,
    time,
    tokens: createCallTokens(config.tokens.callSecret, time.wallNow),
    outside,
    providersFor: () => providers,
  });
  return {
    url: worker.url,
    stopTaking: () => worker.stopTaking(),
    drain: (deadlineMs) => worker.drain(deadlineMs),
    async close() {
      await worker.close();
      providers.tts.close();
      await Promise.all([vad.close(), coordination.close(), store.close()]);
    },
  };
}

function openCarrier({ acs }: CarillonConfig): MediaCarrier {
  const { verify, hangUp } = createAcsCarrier(acs);
  return { verify, hangUp, codec: acsMediaCodec, connectionIdHeader: 'x-ms-call-connection-id' };
}
