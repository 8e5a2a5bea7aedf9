import { openCoordination } from '@carillon/coordination';
import { setTimeout as wait } from 'node:timers/promises';
import { createFailpoints, createJobObserver, createNestApp, type RunningService, type ServiceContext } from '@carillon/platform';
import { OpenAiLlmProvider } from '@carillon/providers';
import { openStore } from '@carillon/store';
import { createAcsCarrier, createCallTokens } from '@carillon/telephony';
import { composeDialer } from './compose-dialer.js';
import { createCallAddresses } from './dial/call-addresses.js';
import { createDialerMetrics } from './dialer-metrics.js';
import { DialerModule } from './dialer.module.js';
import { monotonicClock } from './monotonic-clock.js';
import { repeatEvery } from './repeat-every.js';

const TICK_MS = 250;
const REAPER_MS = 5_000;
/** Enough for the jobs that run at a time, most of which wait for the carrier and hold no connection. */
const DATABASE_CONNECTIONS = 20;

/** Opens connections, workers, schedule and reaper of one dialer process. */
export async function startDialer(context: ServiceContext): Promise<RunningService> {
  const { config, log, metrics } = context;
  const store = openStore(config.database.url, { maxConnections: DATABASE_CONNECTIONS });
  const onError = (error: Error) => log.warn({ err: error }, 'trouble with the connection to Redis');
  const coordination = openCoordination({ redisUrl: config.redis.url, name: context.name, onError });
  const { handlers, tick, reap } = composeDialer({
    ...{ store, coordination, log },
    carrier: createAcsCarrier(config.acs),
    model: new OpenAiLlmProvider({ ...config.llm.slow, clock: monotonicClock }),
    addressOf: createCallAddresses({ ...config.http, ...config.acs, ...config.media, tokens: createCallTokens(config.tokens.callSecret) }),
    account: config.acs.limits,
    sourceNumbers: config.acs.sourceNumbers,
    metrics: createDialerMetrics(metrics),
    reach: createFailpoints({ armed: config.drill.failpoints, log }),
    now: () => new Date(),
    wait: (ms, signal) => wait(ms, undefined, { signal }),
    random: Math.random,
  });
  const concurrency = { dial: config.dialer.concurrency };
  const workers = coordination.createWorkers({ handlers, concurrency, observer: createJobObserver(metrics, log) });
  const { url, app } = await createNestApp(DialerModule, context, { port: config.http.dialerPort });

  await workers.open();
  const schedule = repeatEvery(TICK_MS, tick, (error) => log.error({ err: error }, 'a tick of the schedule failed'));
  const reaper = repeatEvery(REAPER_MS, reap, (error) => log.error({ err: error }, 'a run of the reaper failed'));
  return {
    url,
    stopTaking: async () => void (await Promise.all([schedule.stop(), reaper.stop()])),
    // The workers take nothing new and wait for the jobs that run.
    drain: () => workers.close(),
    async close() {
      await app.close();
      await coordination.close();
      await store.close();
    },
  };
}
