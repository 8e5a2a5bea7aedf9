import type { Server } from 'node:http';
import { openCoordination } from '@carillon/coordination';
import { createFailpoints, createNestApp, within, type NestApp, type RunningService, type ServiceContext } from '@carillon/platform';
import { openStore } from '@carillon/store';
import { createAcsCarrier, createCallTokens } from '@carillon/telephony';
import helmet from 'helmet';
import { createApiMetrics } from './api-metrics.js';
import type { ApiParts } from './api-parts.js';
import { ApiModule } from './api.module.js';
import { watchAbandonedImports } from './contacts/watch-abandoned-imports.js';
import { openUploadRooms } from './contacts/upload-room.js';
import { EventStreams } from './events/event-streams.js';
import { serveApiDocs } from './http/open-api.js';

const IDLE_SWEEP_MS = 50;
/** A file of 200 MB over a slow line; Node would end it after five minutes. */
const LONGEST_REQUEST_MS = 3_600_000;

/** Composes the api and opens its port. */
export async function startApi(context: ServiceContext): Promise<RunningService> {
  const { config, log, metrics } = context;
  const store = openStore(config.database.url);
  const onError = (error: Error) => log.warn({ err: error }, 'trouble with the connection to Redis');
  const coordination = openCoordination({ redisUrl: config.redis.url, name: context.name, onError });
  const parts: ApiParts = {
    store,
    conveyor: coordination.conveyor,
    live: coordination.live,
    carrier: createAcsCarrier(config.acs),
    tokens: createCallTokens(config.tokens.callSecret),
    countSlots: () => coordination.fleet.countSlots(),
    account: config.acs.limits,
    streams: new EventStreams(),
    uploadRooms: openUploadRooms(),
    metrics: createApiMetrics(metrics),
    log,
    reach: createFailpoints({ armed: config.drill.failpoints, log }),
    now: () => new Date(),
  };
  const app = await openApiApp(parts, context);
  (app.app.getHttpServer() as Server).requestTimeout = LONGEST_REQUEST_MS;
  const imports = watchAbandonedImports(parts);
  return runningApi(app, parts.streams, async () => {
    imports.stop();
    await coordination.close();
    await store.close();
  });
}

/** The REST application over its parts; tests bring their own. */
export function openApiApp(parts: ApiParts, context: ServiceContext): Promise<NestApp> {
  return createNestApp(ApiModule.of(parts), context, {
    port: context.config.http.apiPort,
    rawBodyRoutes: ['/carrier/'],
    prepare(app) {
      // Inside a network the docs page is read over plain HTTP; TLS, and telling browsers to insist on it, is the ingress's business.
      app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } }, strictTransportSecurity: false }));
      serveApiDocs(app);
    },
  });
}

function runningApi({ url, app }: NestApp, streams: EventStreams, closeParts: () => Promise<void>): RunningService {
  const server = app.getHttpServer() as Server;
  let answered = Promise.resolve();
  return {
    url,
    async stopTaking() {
      answered = new Promise((resolve) => server.close(() => resolve()));
      streams.endAll();
    },
    async drain(deadlineMs) {
      // A connection that is kept alive after its last answer would hold up the stop until its own time-out.
      const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
      await within(deadlineMs, answered).finally(() => clearInterval(sweep));
    },
    async close() {
      await app.close();
      await closeParts();
    },
  };
}
