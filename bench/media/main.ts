import type { ChildProcess } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBenchCarrier } from '../voice/bench-carrier.js';
import { asked, startChild, stopChild, told } from '../voice/child-process.js';
import { percentile, round, tellResult } from '../voice/figures.js';
import { bytesOf, speakSentences } from '../voice/speech-clips.js';
import { SENTENCES } from '../voice/usual-load.js';
import { WORKER_FLAGS } from '../voice/worker-flags.js';
import type { GeneratorOrder, GeneratorReport, WorkerFrames, WorkerOrder, WorkerReport } from './messages.js';

const GENERATORS = 2;
const RESOLUTION_MS = 1;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
    },
  });
  const calls = Number(values.calls);
  const seconds = Number(values.seconds);
  const carrier = await openBenchCarrier();
  const clips = (await speakSentences(SENTENCES)).map((pcm) => bytesOf(pcm).toString('base64'));
  const worker = child('worker.js', WORKER_FLAGS);
  const ready = told<{ mediaUrls: string[] }>(worker, 'ready');
  worker.send({ type: 'start', calls, trust: carrier.trust } satisfies WorkerOrder);
  const { mediaUrls } = await ready;
  const generators = Array.from({ length: GENERATORS }, (_, index) => {
    const generator = child('generator.js');
    const share = mediaUrls.filter((_url, call) => call % GENERATORS === index);
    const seed = Number(values.seed) + index;
    generator.send({ type: 'start', token: carrier.token, clips, seconds, mediaUrls: share, seed } satisfies GeneratorOrder);
    return generator;
  });
  await Promise.all(generators.map((generator) => told(generator, 'loaded')));
  worker.send({ type: 'measure' });
  const idle = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  idle.enable();
  const reporting = Promise.all(generators.map((generator) => told<GeneratorReport>(generator, 'report')));
  await Promise.all(generators.map((generator) => told(generator, 'unloaded')));
  idle.disable();
  const measured = await asked<WorkerReport>(worker, 'report');
  const reports = await reporting;
  const frames = await asked<WorkerFrames>(worker, 'frames');
  for (const part of [...generators, worker]) await stopChild(part);
  await carrier.close();
  tellResult({ ...result({ calls, seconds }, reports, measured, frames), ...machineDelay(idle) });
}

function result(
  load: { calls: number; seconds: number },
  generators: readonly GeneratorReport[],
  worker: WorkerReport,
  frames: WorkerFrames,
): Record<string, unknown> {
  const sum = (pick: (report: GeneratorReport) => number) => generators.reduce((total, report) => total + pick(report), 0);
  const framesSent = sum((report) => report.framesSent) + frames.framesSent;
  return {
    result: 'media',
    calls: load.calls,
    seconds: load.seconds,
    turns: worker.turns,
    vad: 'silero',
    vad_windows: worker.vadWindows,
    vad_fallback_windows: worker.vadFallbackWindows,
    cores_used: round(worker.coresUsed, 3),
    cpu_pct_per_call: round((100 * worker.coresUsed) / load.calls, 2),
    loop_delay_p99_ms: round(worker.loopDelayP99Ms, 1),
    frames_sent: framesSent,
    frames_lost: framesSent - sum((report) => report.framesReceived) - frames.framesReceived,
    underruns: sum((report) => report.underruns),
    dropped_calls: sum((report) => report.dropped),
    engine_p99_ms: round(percentile(worker.engineMs, 0.99), 1),
    vad_queue_p99_ms: round(worker.vadQueueP99Ms, 1),
    reply_p50_ms: Math.round(percentile(worker.replyMs, 0.5)),
    reply_p95_ms: Math.round(percentile(worker.replyMs, 0.95)),
    rss_mb: Math.round(worker.rssMb),
  };
}

/** This process has nothing to do meanwhile: how late it wakes tells how long others wait for a core, for the load's sake or the machine's. */
function machineDelay(idle: ReturnType<typeof monitorEventLoopDelay>): Record<string, number> {
  const delayMs = (waitedNs: number) => round(Math.max(0, waitedNs / 1_000_000 - RESOLUTION_MS), 1);
  return { machine_delay_p99_ms: delayMs(idle.percentile(99)), machine_delay_max_ms: delayMs(idle.max) };
}

function child(script: string, execArgv: string[] = []): ChildProcess {
  return startChild(fileURLToPath(new URL(script, import.meta.url)), execArgv);
}

await main();
