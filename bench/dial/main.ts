import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openCoordination } from '@carillon/coordination';
import { startBenchServices } from '../services.js';
import { fillCampaign } from './fill-campaign.js';
import type { FloorOrder, FloorReport } from './floor.js';

/** Before the count begins: connections, compiled code, the first ticks. */
const WARM_UP_MS = 10_000;
const FLOOR_SECONDS = 15;
/** Room that no call has to wait for: the bench is about set-ups, nobody is spoken with. */
const SLOTS = 100_000;

/**
 * Call set-ups per second, from the schedule's tick to the carrier's 202: one dialer-worker, one api for the callbacks, the simulated carrier, Postgres and
 * Redis, all on this machine, with a policy, windows, caps per person and day, rates, blacklist and caller numbers in force. Counted by the carrier's own ledger. No phone is
 * answered while it counts; with `--ends` every phone is busy after one to two seconds, so ends, wrap-ups and retry plans of earlier calls are part of the load.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '40' }, ends: { type: 'boolean', default: false } } });
  const seconds = Math.max(30, Number(values.seconds));
  const services = await startBenchServices('carillon_bench_dial');
  const children: ChildProcess[] = [];
  try {
    const ports = await freePorts(3);
    const env = { ...services.env, ...environment(ports, values.ends) };
    const start = (app: string, own: Record<string, string>) => children.push(service(app, { ...env, ...own }));
    const simulatorUrl = `http://127.0.0.1:${ports.simulator}`;
    start('simulator', { SIMULATOR_PORT: String(ports.simulator) });
    await ready(simulatorUrl);
    const floorBefore = await floor(env, FLOOR_SECONDS);
    start('api', { API_PORT: String(ports.api) });
    await ready(`http://127.0.0.1:${ports.api}`);
    await fillCampaign(services.databaseUrl);
    const coordination = openCoordination({
      redisUrl: services.redisUrl,
      name: 'bench',
      onError: (error) => process.stderr.write(`${error.message}\n`),
    });
    const announce = () => coordination.fleet.announce({ workerId: 'bench', slots: SLOTS });
    await announce();
    const beat = setInterval(() => void announce(), 2_000);
    start('dialer-worker', { DIALER_PORT: String(ports.dialer) });
    const measured = await measure(simulatorUrl, env['SIMULATOR_KEY'] ?? '', seconds);
    process.stderr.write(`${await decisions(`http://127.0.0.1:${ports.dialer}`)}\n`);
    for (const child of children.slice(1)) await stop(child);
    clearInterval(beat);
    await coordination.close();
    await delay(3_000);
    const floorAfter = await floor(env, FLOOR_SECONDS);
    process.stderr.write(`floor before ${floorBefore.perSecond.toFixed(1)}/s, after ${floorAfter.perSecond.toFixed(1)}/s\n`);
    const floorPerS = (floorBefore.perSecond + floorAfter.perSecond) / 2;
    const result = { ...measured, floor_per_s: round(floorPerS), ratio: round(measured.calls_per_s / floorPerS) };
    process.stdout.write(`${JSON.stringify({ result: 'dial', ...result })}\n`);
  } finally {
    for (const child of children.reverse()) await stop(child);
    await services.stop();
  }
}

async function measure(simulatorUrl: string, key: string, seconds: number) {
  await delay(WARM_UP_MS);
  const from = await carrierCalls(simulatorUrl, key);
  const startedAt = performance.now();
  await delay(seconds * 1_000);
  const calls = (await carrierCalls(simulatorUrl, key)) - from;
  const took = (performance.now() - startedAt) / 1_000;
  return { seconds: round(took), calls, calls_per_s: round(calls / took) };
}

async function carrierCalls(simulatorUrl: string, key: string): Promise<number> {
  const answer = await fetch(`${simulatorUrl}/control/carrier`, { headers: { authorization: `Bearer ${key}` } });
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`);
  return ((await answer.json()) as { calls: number }).calls;
}

/** How the dial jobs came out: a run in which calls were refused or put back was not the run that is meant. */
async function decisions(dialerUrl: string): Promise<string> {
  const metrics = await (await fetch(`${dialerUrl}/metrics`)).text();
  return metrics
    .split('\n')
    .filter((line) => line.startsWith('carillon_dial_decisions_total'))
    .join('\n');
}

/** The same path without rules: BullMQ, a commit, the SDK's createCall, another commit. */
async function floor(env: Record<string, string | undefined>, seconds: number): Promise<FloorReport> {
  const child = fork(fileURLToPath(new URL('floor.js', import.meta.url)), { env });
  const report = once(child, 'message');
  child.send({ seconds, warmUpMs: WARM_UP_MS / 2 } satisfies FloorOrder);
  const [result] = (await report) as [FloorReport];
  await stop(child);
  return result;
}

interface Ports {
  simulator: number;
  api: number;
  dialer: number;
}

function environment({ simulator: port, api }: Ports, ends: boolean): Record<string, string> {
  const key = randomBytes(32).toString('base64');
  const simulator = `127.0.0.1:${port}`;
  return {
    PUBLIC_API_URL: `http://127.0.0.1:${api}`,
    PUBLIC_MEDIA_URL: 'ws://127.0.0.1:9',
    ACS_CONNECTION_STRING: `endpoint=http://${simulator}/;accesskey=${key}`,
    ACS_SOURCE_NUMBERS: '+14155550100',
    ACS_AUDIENCE: 'bench',
    ACS_JWKS_URL: `http://${simulator}/calling/keys`,
    ACS_CALLS_PER_SECOND: '1000',
    CALL_TOKEN_SECRET: randomBytes(32).toString('hex'),
    LLM_FAST_URL: `http://${simulator}/v1`,
    LLM_FAST_KEY: key,
    LLM_FAST_MODEL: 'scripted',
    LOG_LEVEL: 'warn',
    SIMULATOR_KEY: key,
    SIMULATOR_AUDIENCE: 'bench',
    SIMULATOR_RECOGNISER: 'clips',
    ...(ends
      ? { SIMULATOR_CROWD: 'busy:1', SIMULATOR_RING_MS: '1000-2000' }
      : { SIMULATOR_CROWD: 'no-answer:1', SIMULATOR_NO_ANSWER_MS: '110000' }),
  };
}

function service(app: string, env: Record<string, string | undefined>): ChildProcess {
  const script = fileURLToPath(new URL(`../../../apps/${app}/dist/main.js`, import.meta.url));
  return spawn(process.execPath, [...process.execArgv, script], { env, stdio: ['ignore', 2, 2] });
}

async function ready(url: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    await delay(100);
  }
  throw new Error(`${url} did not become ready`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(hard);
}

async function freePorts(count: number): Promise<Ports> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const [simulator = 0, api = 0, dialer = 0] = servers.map((server) => (server.address() as { port: number }).port);
  for (const server of servers) server.close();
  return { simulator, api, dialer };
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;

await main();
