import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from './free-ports.js';
import { openFrontDoor } from './front-door.js';
import { Victim } from './victim.js';

/** The fleet of a run: two of each, so that one is there while the other is not. */
export interface ChaosStack {
  apiUrl: string;
  simulatorUrl: string;
  simulatorKey: string;
  dialers: Victim[];
  media: Victim[];
  apis: Victim[];
  /** Calls that the media workers take together. */
  slots: number;
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Of this process, with the URLs of Postgres and Redis and the folders of the speech engines. */
  env: Record<string, string>;
  /** The command that runs a script of ours and dies with us. */
  run(script: string): readonly [string, readonly string[]];
  logDir: string;
  seed: string;
  slotsPerWorker: number;
  freezeMs: number;
  /** What the dialers, media workers and apis are armed with: `FAILPOINTS`. */
  failpoints: { dialer: string; media: string; api: string };
  log(message: string): void;
}

/**
 * Four in five people answer, the rest are spread like those who do not. Phones ring 1 to 3 s instead of 10 to 25, and people talk for seconds: both only
 * make the same number of calls fit into less time.
 */
const CROWD = 'talks:78,voicemail:3,silent:2,busy:7,no-answer:3,declines:5,invalid:2';

export async function startStack(options: StackOptions): Promise<ChaosStack> {
  await mkdir(options.logDir, { recursive: true });
  const [apiDoor = 0, mediaDoor = 0, simulatorPort = 0, ...ports] = await freePorts(9);
  const simulatorKey = randomBytes(32).toString('base64');
  const env = { ...options.env, ...environment({ apiDoor, mediaDoor, simulatorPort, simulatorKey }, options) };
  const victim = (name: string, app: string, port: number, own: Record<string, string>) =>
    new Victim({
      name,
      command: options.run(`apps/${app}/dist/main.js`),
      port,
      env: { ...env, ...own },
      freezeMs: options.freezeMs,
      logFile: join(options.logDir, `${name}.log`),
      log: options.log,
    });
  const pair = (app: string, at: number, portKey: string, failpoints: string) =>
    [ports[at] ?? 0, ports[at + 1] ?? 0].map((port, index) =>
      victim(`${app}-${index + 1}`, app, port, { [portKey]: String(port), FAILPOINTS: failpoints }),
    );
  const simulator = victim('simulator', 'simulator', simulatorPort, { SIMULATOR_PORT: String(simulatorPort) });
  const apis = pair('api', 0, 'API_PORT', options.failpoints.api);
  const dialers = pair('dialer-worker', 2, 'DIALER_PORT', options.failpoints.dialer);
  const media = pair('media-worker', 4, 'MEDIA_PORT', options.failpoints.media);
  const doors = await Promise.all([openFrontDoor(apiDoor, ports.slice(0, 2)), openFrontDoor(mediaDoor, ports.slice(4, 6))]);
  const stop = async () => {
    // the dialers first, so that nothing new is dialed; the simulator last, since it holds the phones
    for (const group of [dialers, media, apis, [simulator]]) await Promise.all(group.map((service) => service.stop()));
    await Promise.all(doors.map((door) => door.close()));
  };
  try {
    await Promise.all([simulator, ...apis, ...dialers, ...media].map((service) => service.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  const urls = { apiUrl: `http://127.0.0.1:${apiDoor}`, simulatorUrl: simulator.url, simulatorKey };
  return { ...urls, dialers, media, apis, slots: 2 * options.slotsPerWorker, stop };
}

interface Addresses {
  apiDoor: number;
  mediaDoor: number;
  simulatorPort: number;
  simulatorKey: string;
}

function environment({ apiDoor, mediaDoor, simulatorPort, simulatorKey }: Addresses, options: StackOptions): Record<string, string> {
  const simulator = `127.0.0.1:${simulatorPort}`;
  const audience = 'f6a1e6f2-6d0b-4a4c-9f57-3f0c1f2a9b10';
  return {
    PUBLIC_API_URL: `http://127.0.0.1:${apiDoor}`,
    PUBLIC_MEDIA_URL: `ws://127.0.0.1:${mediaDoor}`,
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
    MEDIA_SLOTS: String(options.slotsPerWorker),
    SHUTDOWN_DRAIN_MS: '3000',
    SIMULATOR_KEY: simulatorKey,
    SIMULATOR_AUDIENCE: audience,
    SIMULATOR_SEED: options.seed,
    SIMULATOR_RECOGNISER: 'clips',
    SIMULATOR_CROWD: CROWD,
    SIMULATOR_RING_MS: '1000-3000',
    SIMULATOR_TALK_MS: '1500-4000',
  };
}
