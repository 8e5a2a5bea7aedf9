import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asked, startChild, stopChild, told } from '../voice/child-process.js';
import { round, tellResult } from '../voice/figures.js';
import { pause } from '../voice/frame-ticker.js';
import type { ClientName, ServiceReport, WorkerOrder, WorkerReport } from './messages.js';

/** The bench itself needs no long look. */
const HARNESS_SECONDS = 10;

interface Load {
  calls: number;
  seconds: number;
}

interface Measured extends WorkerReport, ServiceReport {
  client: ClientName;
  openSpareP50Ms: number | undefined;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '45' },
      client: { type: 'string', default: 'both' },
    },
  });
  const load = { calls: Number(values.calls), seconds: Number(values.seconds) };
  const clients = (['sdk', 'socket'] as const).filter((client) => values.client === 'both' || values.client === client);
  if (clients.length === 0) throw new Error('--client is sdk, socket or both');
  const harness = await measure('none', { ...load, seconds: HARNESS_SECONDS });
  const rows: Record<string, unknown>[] = [];
  for (const client of clients) rows.push(row(await measure(client, load), load, harness));
  tellResult({
    result: 'speech-to-text',
    calls: load.calls,
    seconds: load.seconds,
    harness_cpu_pct_per_stream: round(harness.cpuPct / load.calls, 3),
    clients: rows,
  });
}

/** The client in a process of its own, the service in another. */
async function measure(client: ClientName, { calls, seconds }: Load): Promise<Measured> {
  const service = child('service.js');
  const { url } = await told<{ url: string }>(service, 'ready');
  const worker = child('worker.js');
  worker.send({ type: 'start', client, calls, url } satisfies WorkerOrder);
  await told(worker, 'ready');
  const { openP50Ms } = await asked<{ openP50Ms: number }>(service, 'opened');
  await Promise.all([asked(service, 'measure'), asked(worker, 'measure')]);
  await pause(seconds * 1000);
  const [heard, spent] = await Promise.all([asked<ServiceReport>(service, 'report'), asked<WorkerReport>(worker, 'report')]);
  const openSpareP50Ms = client === 'socket' ? await openWithSpares(worker, service) : undefined;
  await stopChild(worker);
  await stopChild(service);
  return { ...heard, ...spent, client, openP50Ms, openSpareP50Ms };
}

async function openWithSpares(worker: ReturnType<typeof child>, service: ReturnType<typeof child>): Promise<number> {
  await asked(worker, 'spares');
  return (await asked<{ openP50Ms: number }>(service, 'opened')).openP50Ms;
}

/** Without what the bench takes itself. */
function row(measured: Measured, { calls }: Load, harness: Measured): Record<string, unknown> {
  return {
    client: measured.client,
    cpu_pct_per_stream: round((measured.cpuPct - harness.cpuPct) / calls, 3),
    rss_mb_per_stream: round((measured.rssMb - harness.rssMb) / calls, 2),
    loop_delay_p99_ms: round(measured.loopDelayP99Ms, 1),
    delay_p50_ms: round(measured.delayP50Ms, 1),
    delay_p95_ms: round(measured.delayP95Ms, 1),
    open_p50_ms: round(measured.openP50Ms, 1),
    open_spare_p50_ms: measured.openSpareP50Ms === undefined ? null : round(measured.openSpareP50Ms, 1),
    frames_heard: measured.frames,
    interims: measured.interims,
    finals: measured.finals,
    failures: measured.failures,
  };
}

function child(script: string): ReturnType<typeof startChild> {
  return startChild(fileURLToPath(new URL(script, import.meta.url)), ['--enable-source-maps']);
}

await main();
