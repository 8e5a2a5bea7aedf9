import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '@carillon/simulator/greetings';
import { Caller } from '../media/caller.js';
import { connectCall, openBenchCarrier } from '../voice/bench-carrier.js';
import { asked, startChild, stopChild, told } from '../voice/child-process.js';
import { round, tellResult } from '../voice/figures.js';
import { everyFrame, pause } from '../voice/frame-ticker.js';
import { clipFrames } from '../voice/phone.js';
import { bytesOf, speakSentences } from '../voice/speech-clips.js';
import { SENTENCES } from '../voice/usual-load.js';
import type { HeapReport, WorkerOrder } from './script.js';

/** A greeting, a sentence, its answer. */
const CALL_MS = 6_000;
/** Calls that are not counted: what they leave behind are compiled code and caches that fill once. */
const WARM_UP_SHARE = 0.5;
/** After each of so many parts the heap is looked at; what a call leaves is the slope of the line through what was seen. */
const PARTS = 5;
const BYTES_PER_KB = 1_024;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '1000' },
      'at-once': { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
    },
  });
  const calls = Number(values.calls);
  const warmUp = Math.ceil(calls * WARM_UP_SHARE);
  const carrier = await openBenchCarrier();
  const clips = (await speakSentences(SENTENCES)).map((pcm) => clipFrames(bytesOf(pcm)));
  const worker = startChild(fileURLToPath(new URL('worker.js', import.meta.url)), ['--expose-gc', '--no-flush-bytecode']);
  worker.send({ type: 'start', calls: warmUp + calls, trust: carrier.trust } satisfies WorkerOrder);
  const { mediaUrls } = await told<{ mediaUrls: string[] }>(worker, 'ready');
  const load = { token: carrier.token, clips, atOnce: Number(values['at-once']), seed: values.seed };
  await holdCalls(mediaUrls.slice(0, warmUp), load);
  const reports = [await asked<HeapReport>(worker, 'heap')];
  for (let part = 0; part < PARTS; part++) {
    const from = warmUp + Math.round((part * calls) / PARTS);
    await holdCalls(mediaUrls.slice(from, warmUp + Math.round(((part + 1) * calls) / PARTS)), load);
    reports.push(await asked<HeapReport>(worker, 'heap'));
  }
  await stopChild(worker);
  await carrier.close();
  const kbPerCall = (pick: (report: HeapReport) => number) => round((slope(reports.map(pick)) * PARTS) / calls / BYTES_PER_KB, 3);
  const last = reports.at(-1);
  tellResult({
    result: 'leak',
    calls,
    kb_per_call: kbPerCall(({ heapBytes }) => heapBytes),
    code_kb_per_call: kbPerCall(({ codeBytes }) => codeBytes),
    buffer_kb_per_call: kbPerCall(({ bufferBytes }) => bufferBytes),
    exchanges: reports.slice(1).reduce((sum, { exchanges }) => sum + exchanges, 0),
    heap_mb: round((last?.heapBytes ?? 0) / BYTES_PER_KB ** 2, 1),
    rss_mb: Math.round((last?.rssBytes ?? 0) / BYTES_PER_KB ** 2),
  });
}

/** Of the straight line that lies closest to values at 0, 1, 2, …: least squares. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = values.reduce((sum, _value, at) => sum + (at - middle) ** 2, 0);
  return values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0) / spread;
}

interface Load {
  token: string;
  clips: string[][];
  atOnce: number;
  seed: string;
}

/** Calls that begin evenly, so many of them at any time, until all are over. */
async function holdCalls(mediaUrls: readonly string[], { token, clips, atOnce, seed }: Load): Promise<void> {
  const callers = new Set<Caller>();
  const stopTicker = everyFrame(() => {
    const timestamp = new Date().toISOString();
    for (const caller of callers) caller.tick(timestamp);
  });
  const calls = mediaUrls.map(async (url, index) => {
    await pause((index * CALL_MS) / atOnce);
    const random = seededRandom(`${seed} ${index}`);
    const caller = new Caller(await connectCall(url, token), clips, () => random.next());
    callers.add(caller);
    await pause(CALL_MS);
    callers.delete(caller);
    caller.phone.close();
  });
  await Promise.all(calls);
  stopTicker();
}

await main();
