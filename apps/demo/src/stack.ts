import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createApiKey, openStore } from '@carillon/store';
import { ChildService, type ServiceSpec } from './child-service.js';
import { freePorts } from './free-ports.js';
import { openFrontDoor } from './front-door.js';

const TENANT_ID = 'default';

export type ServiceName = 'simulator' | 'api' | 'dialer-worker' | 'media-worker-1' | 'media-worker-2';

/** The whole of Carillon on one machine: the simulator, one api, one dialer-worker, two media-workers behind a front door. */
export interface Stack {
  apiUrl: string;
  metricsUrls: string[];
  adminKey: string;
  simulatorUrl: string;
  simulatorKey: string;
  logDir: string;
  service(name: ServiceName): ChildService;
  stop(): Promise<void>;
}

export interface StackOptions {
  databaseUrl: string;
  redisUrl: string;
  logDir: string;
  /** Added to every service's environment. */
  env?: Record<string, string>;
}

/** Starts everything and waits until each part says it is ready; stops what it started when one of them does not. */
export async function startStack(options: StackOptions): Promise<Stack> {
  await mkdir(options.logDir, { recursive: true });
  const [api = 0, dialer = 0, media1 = 0, media2 = 0, door = 0, simulator = 0] = await freePorts(6);
  const simulatorKey = randomBytes(32).toString('base64');
  const env = { ...environment(options, { api, door, simulator }, simulatorKey), ...options.env };
  const spec = (name: ServiceName, app: string, port: number, portKey: string): ServiceSpec => ({
    name,
    script: `apps/${app}/dist/main.js`,
    port,
    env: { ...env, [portKey]: String(port) },
    logFile: join(options.logDir, `${name}.log`),
  });
  const services: Record<ServiceName, ChildService> = {
    simulator: new ChildService(spec('simulator', 'simulator', simulator, 'SIMULATOR_PORT')),
    api: new ChildService(spec('api', 'api', api, 'API_PORT')),
    'dialer-worker': new ChildService(spec('dialer-worker', 'dialer-worker', dialer, 'DIALER_PORT')),
    'media-worker-1': new ChildService(spec('media-worker-1', 'media-worker', media1, 'MEDIA_PORT')),
    'media-worker-2': new ChildService(spec('media-worker-2', 'media-worker', media2, 'MEDIA_PORT')),
  };
  const frontDoor = await openFrontDoor(door, [media1, media2]);
  const stop = async () => {
    for (const service of Object.values(services)) service.willStop();
    // the dialer first, so that nothing new is dialed; then the calls' owners; the simulator last, since it holds the phones
    for (const name of ['dialer-worker', 'media-worker-1', 'media-worker-2', 'api', 'simulator'] as const) await services[name].stop();
    await frontDoor.close();
  };
  try {
    await Promise.all(Object.values(services).map((service) => service.start()));
    const adminKey = await adminKeyIn(options.databaseUrl);
    const metricsUrls = [services.api, services['dialer-worker'], services['media-worker-1'], services['media-worker-2']].map(
      (service) => `${service.url}/metrics`,
    );
    return {
      apiUrl: services.api.url,
      metricsUrls,
      adminKey,
      simulatorUrl: services.simulator.url,
      simulatorKey,
      logDir: options.logDir,
      service: (name) => services[name],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function environment(
  options: StackOptions,
  ports: { api: number; door: number; simulator: number },
  simulatorKey: string,
): Record<string, string> {
  const simulator = `127.0.0.1:${ports.simulator}`;
  const audience = 'f6a1e6f2-6d0b-4a4c-9f57-3f0c1f2a9b10';
  return {
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl,
    PUBLIC_API_URL: `http://127.0.0.1:${ports.api}`,
    PUBLIC_MEDIA_URL: `ws://127.0.0.1:${ports.door}`,
    ACS_CONNECTION_STRING: `endpoint=http://${simulator}/;accesskey=${simulatorKey}`,
    ACS_SOURCE_NUMBERS: '+14155550100',
    ACS_AUDIENCE: audience,
    ACS_JWKS_URL: `http://${simulator}/calling/keys`,
    CALL_TOKEN_SECRET: randomBytes(32).toString('hex'),
    SPEECH_STT_URL: `ws://${simulator}/stt/speech/universal/v2`,
    SPEECH_TTS_URL: `ws://${simulator}/tts/cognitiveservices/websocket/v2`,
    SPEECH_KEY: simulatorKey,
    LLM_FAST_URL: `http://${simulator}/v1`,
    LLM_FAST_KEY: simulatorKey,
    LLM_FAST_MODEL: 'scripted',
    // what still runs when the demo is stopped is not worth waiting for
    SHUTDOWN_DRAIN_MS: '5000',
    SIMULATOR_KEY: simulatorKey,
    SIMULATOR_AUDIENCE: audience,
  };
}

/** One admin key for this run: printed once, stored as a hash. */
async function adminKeyIn(databaseUrl: string): Promise<string> {
  const store = openStore(databaseUrl, { maxConnections: 1 });
  try {
    const { key } = await createApiKey(store, { tenantId: TENANT_ID, label: 'demo', role: 'admin' });
    return key;
  } finally {
    await store.close();
  }
}
