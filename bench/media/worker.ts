import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { monotonicClock } from '@carillon/media-worker';
import { answerParent } from '../voice/child-process.js';
import { stageWorker, type Reply, type StagedWorker } from '../voice/staged-worker.js';
import { FIXED_WAIT, SCRIPT, scriptedProviders } from '../voice/usual-load.js';
import { DetectorDelays } from './detector-delays.js';
import type { WorkerFrames, WorkerOrder, WorkerReport } from './messages.js';

const RESOLUTION_MS = 1;
/** Ledgers and dates are in whole milliseconds. */
const ROUNDED_MS = 2;
/** Two windows of the voice detector. */
const SHORTEST_LAG_MS = 64;

const [{ calls, trust }] = (await once(process, 'message')) as [WorkerOrder];
const detectors = new Map<string, DetectorDelays>();
const worker = await stageWorker({
  calls,
  trust,
  providersFor: ({ callId }, { vad }) => {
    const detector = new DetectorDelays(vad, () => monotonicClock.now());
    detectors.set(callId, detector);
    return scriptedProviders(detector);
  },
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

function startMeasuring({ vad, replies, contexts }: StagedWorker): () => WorkerReport {
  const loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loopDelay.enable();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const before = vad.statistics();
  const repliesBefore = replies.length;
  return () => {
    const elapsedMs = performance.now() - startedAt;
    const cpu = process.cpuUsage(cpuBefore);
    const measured = replies.slice(repliesBefore);
    const statistics = vad.statistics();
    return {
      turns: measured.length,
      replyMs: measured.map(({ ledger }) => ledger.replyMs),
      engineMs: measured.map((reply) => engineMs(reply, detectors.get(contexts[reply.call]?.callId ?? ''))),
      vadWindows: statistics.windows - before.windows,
      vadFallbackWindows: statistics.fallbackWindows - before.fallbackWindows,
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

/**
 * What is left of a reply when the providers' scripted times and the wait that the policy wants are taken out; and what the slowest answer took of those
 * by which the voice detector noticed this silence, though the wait goes on meanwhile and hides most of it.
 */
function engineMs({ ledger, startedAt }: Reply, detector: DetectorDelays | undefined): number {
  if (detector === undefined) throw new Error('a reply in a call without a voice detector');
  const lastVoicedAt = startedAt - ledger.replyMs;
  const noticedMs = Math.max(ledger.vadLagMs, SHORTEST_LAG_MS);
  const detectorMs = detector.slowestMs(lastVoicedAt - ROUNDED_MS, lastVoicedAt + noticedMs + ROUNDED_MS);
  return Math.max(0, ledger.replyMs - SCRIPT.endpointWaitMs - SCRIPT.ttftMs - SCRIPT.ttfbMs) + detectorMs;
}

/** Frames in and out, read as anybody reads them: from the worker's metrics. */
async function framesOf({ metrics }: StagedWorker): Promise<WorkerFrames> {
  const text = await metrics();
  const value = (name: string) => Number(new RegExp(`^${name}(?:{[^}]*})? (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { framesReceived: value('carillon_media_frames_in_total'), framesSent: value('carillon_media_frames_out_total') };
}
