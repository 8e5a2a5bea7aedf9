import { openCoordination, type Coordination } from '@carillon/coordination';
import {
  createHealth,
  createLogger,
  createMetrics,
  loadConfig,
  startTelemetry,
  type ServiceContext,
  type Telemetry,
  noFailpoints,
} from '@carillon/platform';
import { createApiKey, type ApiRole } from '@carillon/store';
import { createAcsCarrier, createCallTokens, SignatureError, type CallTokens } from '@carillon/telephony';
import { openTestDatabase, type TestDatabase } from '@carillon/testing';
import request from 'supertest';
import { createApiMetrics } from '../api-metrics.js';
import type { ApiParts } from '../api-parts.js';
import { openUploadRooms } from '../contacts/upload-room.js';
import { EventStreams } from '../events/event-streams.js';
import { openApiApp } from '../start-api.js';

/** What the carrier of the tests signs with. */
export const SIGNATURE = 'Bearer signed-by-the-carrier';

/** The api on a database, a Redis prefix and a port of its own; a scripted signature stands in for the carrier's keys. */
export interface TestApi {
  url: string;
  database: TestDatabase;
  coordination: Coordination;
  tokens: CallTokens;
  streams: EventStreams;
  /** What was queued; it also lies on the real queues. */
  jobs: [name: string, payload: object][];
  logLines: string[];
  /** Replaced by tests in which a part fails. */
  parts: ApiParts;
  http: ReturnType<typeof request>;
  /** The `Authorization` header of a fresh key. */
  authorize(role?: ApiRole, tenantId?: string): Promise<{ authorization: string }>;
  close(): Promise<void>;
}

export async function openTestApi(): Promise<TestApi> {
  const database = await openTestDatabase();
  const telemetry = await startTelemetry('api', { endpoint: '', sampleRatio: 1 });
  const coordination = openCoordination({ redisUrl: database.redisUrl, name: 'test', prefix: database.prefix, onError: () => undefined });
  const jobs: TestApi['jobs'] = [];
  const logLines: string[] = [];
  const tokens = createCallTokens('a secret of at least thirty-two characters');
  const streams = new EventStreams();
  const context = testContext(logLines, telemetry);
  const parts: ApiParts = {
    ...{ store: database.store, live: coordination.live, tokens, streams, log: context.log, reach: noFailpoints, now: () => new Date() },
    uploadRooms: openUploadRooms(0),
    countSlots: () => coordination.fleet.countSlots(),
    account: { dailyCap: null, maxConcurrent: null, callsPerSecond: null },
    metrics: createApiMetrics(context.metrics),
    carrier: scriptedCarrier(),
    conveyor: {
      async enqueue(name, payload, options) {
        jobs.push([name, payload]);
        await coordination.conveyor.enqueue(name, payload, options);
      },
    },
  };
  const { url, app } = await openApiApp(parts, context);
  return {
    ...{ url, database, coordination, tokens, streams, jobs, logLines, parts, http: request(url) },
    async authorize(role = 'operator', tenantId = 'default') {
      const { key } = await createApiKey(database.store, { tenantId, label: 'test', role });
      return { authorization: `Bearer ${key}` };
    },
    async close() {
      await app.close();
      await coordination.close();
      await database.close();
      await telemetry.close();
    },
  };
}

function testContext(logLines: string[], { tracer }: Telemetry): ServiceContext {
  const log = createLogger('api', { level: 'info', pii: false }, { write: (line) => void logLines.push(line) });
  const base = { name: 'api', config: loadConfig({}), metrics: createMetrics('api'), health: createHealth() } as const;
  return { ...base, log, tracer };
}

function scriptedCarrier(): ApiParts['carrier'] {
  const options = {
    connectionString: 'endpoint=https://acs.test/;accesskey=a2V5',
    issuer: 'https://acs.test',
    audience: 'a',
    jwksUrl: 'https://acs.test',
  };
  return {
    parseCallback: (body) => createAcsCarrier(options).parseCallback(body),
    async verify(authorization) {
      if (authorization !== SIGNATURE) throw new SignatureError('the token has a wrong signature');
    },
  };
}
