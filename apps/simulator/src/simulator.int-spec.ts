import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHealth, createMetrics, loadConfig, type RunningService } from '@carillon/platform';
import OpenAI from 'openai';
import { pino } from 'pino';
import WebSocket from 'ws';
import type { EnginePaths } from './engines/engine-thread.js';
import { openSimulator } from './simulator.js';
import { readSimulatorConfig } from './simulator-config.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const KEY = Buffer.alloc(32, 7).toString('base64');

let paths: EnginePaths;
let simulator: RunningService;

beforeAll(async () => {
  const tool = (await import(join(ROOT, 'tools/speech-engines.mjs'))) as {
    fetchSpeechEngines(options: { dir: string }): Promise<EnginePaths>;
  };
  paths = await tool.fetchSpeechEngines({ dir: join(ROOT, '.cache/speech') });
  simulator = await open('pocketsphinx');
}, 120_000);

afterAll(() => simulator.close());

function open(recogniser: string): Promise<RunningService> {
  const config = loadConfig({ SIMULATOR_SPEECH_LIBRARIES: paths.libraryDir, SIMULATOR_SPEECH_MODEL: paths.modelDir });
  const context = { config, log: pino({ level: 'silent' }), health: createHealth(), metrics: createMetrics('simulator') };
  return openSimulator(context, readSimulatorConfig({ SIMULATOR_KEY: KEY, SIMULATOR_AUDIENCE: 'a', SIMULATOR_RECOGNISER: recogniser }));
}

const get = (path: string) => fetch(`${simulator.url}${path}`, { headers: { authorization: `Bearer ${KEY}` } });

test('carrier, model, control, health and metrics answer on one port', async () => {
  expect(await (await get('/calling/keys')).json()).toEqual({ keys: [expect.objectContaining({ kty: 'RSA' })] });
  expect(await (await get('/health/live')).json()).toEqual({ status: 'ok' });
  expect(await (await get('/control/people')).json()).toHaveLength(22);
  expect((await get('/metrics')).status).toBe(200);
  expect((await get('/nothing')).status).toBe(404);
  const models = await new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: KEY }).models.list();
  expect(models.data).toHaveLength(1);
});

test.each([
  ['/stt/speech/universal/v2', KEY, 101],
  ['/stt/speech/universal/v2', 'wrong', 401],
  ['/nothing', KEY, 404],
])('a WebSocket to %s with the key "%s" gets %d', async (path, key, status) => {
  const socket = new WebSocket(`${simulator.url.replace('http', 'ws')}${path}`, { headers: { 'Ocp-Apim-Subscription-Key': key } });
  const got = await new Promise<number | undefined>((resolve) => {
    socket.on('upgrade', (response) => resolve(response.statusCode));
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
    socket.on('error', () => undefined);
  });
  socket.terminate();
  expect(got).toBe(status);
});

test('with clips nothing is recognised, and the statistics say so', async () => {
  const other = await open('clips');
  const answer = await fetch(`${other.url}/control/statistics`, { headers: { authorization: `Bearer ${KEY}` } });
  expect(await answer.json()).toMatchObject({ speech: { recogniser: 'clips' } });
  await other.close();
  await expect(fetch(other.url)).rejects.toThrow();
});
