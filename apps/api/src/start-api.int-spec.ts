import {
  createHealth,
  createLogger,
  createMetrics,
  loadConfig,
  startTelemetry,
  type RunningService,
  type Telemetry,
} from '@carillon/platform';
import { createApiKey } from '@carillon/store';
import { openTestDatabase, type TestDatabase } from '@carillon/testing';
import { startApi } from './start-api.js';

let database: TestDatabase;
let telemetry: Telemetry;
let service: RunningService;
beforeAll(async () => {
  database = await openTestDatabase();
  telemetry = await startTelemetry('api', { endpoint: '', sampleRatio: 0 });
});
afterAll(async () => {
  await telemetry.close();
  await database.close();
});

async function start(): Promise<RunningService> {
  const env = {
    ...{
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: database.redisUrl,
      CALL_TOKEN_SECRET: 'a secret of at least thirty-two characters',
    },
    ...{ ACS_CONNECTION_STRING: 'endpoint=https://acs.test/;accesskey=a2V5', ACS_AUDIENCE: 'resource' },
  };
  const log = createLogger('api', { level: 'silent', pii: false });
  const { tracer } = telemetry;
  return startApi({ name: 'api', config: loadConfig(env, 'api'), log, metrics: createMetrics('api'), health: createHealth(), tracer });
}

describe('the api process', () => {
  it('opens, gives up uploads that died, answers, and stops without waiting for those who only watch', async () => {
    const importId = '7f1b8d3e-0000-4000-8000-000000000001';
    const died = { tenantId: 'default', campaignId: importId, createdAt: new Date(0), seenAt: new Date(0) };
    await database.store.prisma.contactImport.create({ data: { id: importId, ...died } });
    service = await start();
    const { key } = await createApiKey(database.store, { tenantId: 'default', label: 'test', role: 'viewer' });
    const headers = { authorization: `Bearer ${key}` };
    expect(await (await fetch(`${service.url}/call`, { headers })).json()).toEqual([]);
    const events = await fetch(`${service.url}/events`, { headers });
    const refused = await fetch(`${service.url}/carrier/acs/default/${importId}/${'x'.repeat(32)}`, { method: 'POST' });
    expect([events.status, refused.status]).toEqual([200, 401]);
    await service.stopTaking();
    await service.drain(5_000);
    expect(await events.text()).toBe(': connected\n\n');
    await service.close();
    await expect(fetch(`${service.url}/call`, { headers })).rejects.toThrow();
    expect(await database.store.prisma.contactImport.findUnique({ where: { id: importId } })).toMatchObject({ state: 'failed' });
  });
});
