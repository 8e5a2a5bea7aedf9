import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LatencyLedger } from '@carillon/contracts';
import { answerParent } from '../voice/child-process.js';
import { stageWorker, type StagedWorker } from '../voice/staged-worker.js';
import { FIXED_WAIT, SCRIPT, scriptedProviders } from '../voice/usual-load.js';
import type { WorkerFrames, WorkerOrder, WorkerReport } from './messages.js';

const RESOLUTION_MS = 1;

const [{ calls, trust }] = (await once(process, 'message')) as [WorkerOrder];
const worker = await stageWorker({
  calls,
  trust,
  providersFor: (_context, { vad }) => scriptedProviders(vad),
  conversation: () => FIXED_WAIT,
});
let measured: () => WorkerReport;
answerParent(
  {
    measure: () => void (measured = startMeasuring(worker)),
    report: () => measured(),
    frames: () => framesOf(worker),
  },
  () => worker.close(),
);
process.send?.({ type: 'ready', mediaUrls: worker.mediaUrls });

function startMeasuring({ vad, replies }: StagedWorker): () => WorkerReport {
  const loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loopDelay.enable();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const windowsBefore = vad.statistics().windows;
  const repliesBefore = replies.length;
  return () => {
    const elapsedMs = performance.now() - startedAt;
    const cpu = process.cpuUsage(cpuBefore);
    const ledgers = replies.slice(repliesBefore).map(({ ledger }) => ledger);
    const statistics = vad.statistics();
    return {
      turns: ledgers.length,
      replyMs: ledgers.map((ledger) => ledger.replyMs),
      engineMs: ledgers.map(engineMs),
      vadWindows: statistics.windows - windowsBefore,
      vadQueueP99Ms: statistics.latencyP99Ms,
      loopDelayP99Ms: loopDelayP99(loopDelay),
      coresUsed: (cpu.user + cpu.system) / 1000 / elapsedMs,
      rssMb: process.memoryUsage.rss() / 1_048_576,
    };
  };
}

/** The monitor counts its own interval in. */
function loopDelayP99(histogram: ReturnType<typeof monitorEventLoopDelay>): number {
  return Math.max(0, histogram.percentile(99) / 1_000_000 - RESOLUTION_MS);
}

/** What is left of a reply when the providers' scripted times and the wait that the policy wants are taken out. */
function engineMs(ledger: LatencyLedger): number {
  return Math.max(0, ledger.replyMs - SCRIPT.endpointWaitMs - SCRIPT.ttftMs - SCRIPT.ttfbMs);
}

/** Frames in and out, read as anybody reads them: from the worker's metrics. */
async function framesOf({ metrics }: StagedWorker): Promise<WorkerFrames> {
  const text = await metrics();
  const value = (name: string) => Number(new RegExp(`^${name}(?:{[^}]*})? (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { framesReceived: value('carillon_media_frames_in_total'), framesSent: value('carillon_media_frames_out_total') };
}
