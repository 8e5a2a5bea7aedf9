import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { SttListener, SttProvider, SttStream } from '@carillon/pipeline';
import { createLogger } from '@carillon/platform';
import { AzureSttProvider, AzureSttSocketProvider } from '@carillon/providers';
import { createRealClock } from '@carillon/testing';
import { answerParent } from '../voice/child-process.js';
import { everyFrameOfEach, pause } from '../voice/frame-ticker.js';
import type { ClientName, WorkerOrder, WorkerReport } from './messages.js';
import { stampedFrame } from './stamped-frame.js';

const RAMP_MS = 3_000;
/** The first seconds of streams are not measured: code is still being compiled. */
const SETTLE_MS = 5_000;
const RESOLUTION_MS = 1;
const LANGUAGE = 'en-US';
const PHRASES = ['Contoso', 'Springfield', 'Amélie'];
const SPARES = 8;
const SPARE_ROUNDS = 5;
const HANDSHAKE_MS = 200;

const [{ client, calls, url }] = (await once(process, 'message')) as [WorkerOrder];
const counted = { interims: 0, finals: 0, failures: 0 };
const listener: SttListener = {
  interim: () => void counted.interims++,
  final: () => void counted.finals++,
  failed: () => void counted.failures++,
};
const stt = providerOf(client);
const rssBefore = process.memoryUsage.rss();
const streams: SttStream[] = [];
const stopTicker = everyFrameOfEach(streams, (stream) => stream.push(stampedFrame()));
let measured: () => WorkerReport;
answerParent({ measure: () => void (measured = startMeasuring()), report: () => measured(), spares: () => openSpares() }, async () => {
  stopTicker();
  for (const stream of streams) stream.close();
  stt.close?.();
  await pause(HANDSHAKE_MS);
});
for (let call = 0; call < calls; call++) {
  streams.push(openSpeaking());
  await pause(RAMP_MS / calls);
}
await pause(SETTLE_MS);
process.send?.({ type: 'ready' });

function providerOf(name: ClientName): SttProvider {
  const endpoint = { url, key: 'bench' };
  const log = createLogger('bench', { level: 'warn', pii: false });
  if (name === 'sdk') return new AzureSttProvider({ endpoint, log });
  if (name === 'socket') return new AzureSttSocketProvider({ endpoint, log, clock: createRealClock() });
  return { finalP99Ms: 0, open: () => ({ push: () => undefined, close: () => undefined }) };
}

/** Two frames at once, which is a block of either client: the service then has its first audio as soon as it can. */
function openSpeaking(): SttStream {
  const frames = [stampedFrame(), stampedFrame()];
  const stream = stt.open({ language: LANGUAGE, phrases: PHRASES }, listener);
  for (const frame of frames) stream.push(frame);
  return stream;
}

/** Recognisers that find a connection that was opened before them. */
async function openSpares(): Promise<void> {
  for (let round = 0; round < SPARE_ROUNDS; round++) {
    for (let spare = 0; spare < SPARES; spare++) stt.warm?.(LANGUAGE);
    await pause(HANDSHAKE_MS);
    for (let spare = 0; spare < SPARES; spare++) {
      const stream = openSpeaking();
      await pause(HANDSHAKE_MS / SPARES);
      stream.close();
    }
  }
}

function startMeasuring(): () => WorkerReport {
  const loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loopDelay.enable();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const before = { ...counted };
  return () => {
    const cpu = process.cpuUsage(cpuBefore);
    loopDelay.disable();
    return {
      cpuPct: (cpu.user + cpu.system) / 10 / (performance.now() - startedAt),
      rssMb: (process.memoryUsage.rss() - rssBefore) / 1_048_576,
      // the monitor counts its own interval in
      loopDelayP99Ms: Math.max(0, loopDelay.percentile(99) / 1_000_000 - RESOLUTION_MS),
      interims: counted.interims - before.interims,
      finals: counted.finals - before.finals,
      failures: counted.failures,
    };
  };
}
