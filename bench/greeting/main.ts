import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { GeneratorOrder } from '../media/messages.js';
import { connectCall, openBenchCarrier } from '../voice/bench-carrier.js';
import { startChild, stopChild, told } from '../voice/child-process.js';
import { percentile, round, tellResult } from '../voice/figures.js';
import { everyFrame, pause } from '../voice/frame-ticker.js';
import { Phone } from '../voice/phone.js';
import { bytesOf, speakSentences } from '../voice/speech-clips.js';
import { SENTENCES } from '../voice/usual-load.js';
import { WORKER_FLAGS } from '../voice/worker-flags.js';
import type { Ring, WorkerOrder } from './script.js';

const GENERATORS = 2;
/** A phone rings at least so long before somebody answers it. */
const RING_MS = 6_000;
const ANSWER_EVERY_MS = 150;
/** So long the answered phone listens; without a greeting by then there is none. */
const LISTEN_MS = 2_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '100' },
      load: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [calls, load] = [Number(values.calls), Number(values.load)];
  const carrier = await openBenchCarrier();
  const worker = startChild(fileURLToPath(new URL('worker.js', import.meta.url)), WORKER_FLAGS);
  worker.send({ type: 'start', load, calls, trust: carrier.trust } satisfies WorkerOrder);
  const { mediaUrls } = await told<{ mediaUrls: string[] }>(worker, 'ready');
  const generators = await startLoad(mediaUrls.slice(0, load), {
    token: carrier.token,
    seconds: (RING_MS + calls * ANSWER_EVERY_MS + LISTEN_MS) / 1_000,
    seed: Number(values.seed),
  });
  const waits = await greet(worker, mediaUrls.slice(load), { token: carrier.token, firstCall: load });
  await Promise.all(generators.map((generator) => told(generator, 'report')));
  for (const part of [...generators, worker]) await stopChild(part);
  await carrier.close();
  const greeted = waits.filter((wait) => wait !== null);
  tellResult({
    result: 'greeting',
    calls: greeted.length,
    p50_ms: round(percentile(greeted, 0.5), 1),
    p95_ms: round(percentile(greeted, 0.95), 1),
    load,
    not_greeted: waits.length - greeted.length,
  });
}

/** People who talk with the same worker all the while. */
async function startLoad(mediaUrls: readonly string[], load: { token: string; seconds: number; seed: number }): Promise<ChildProcess[]> {
  const clips = (await speakSentences(SENTENCES)).map((pcm) => bytesOf(pcm).toString('base64'));
  const generators = Array.from({ length: GENERATORS }, (_, index) => {
    const generator = startChild(fileURLToPath(new URL('../media/generator.js', import.meta.url)));
    const share = mediaUrls.filter((_url, call) => call % GENERATORS === index);
    generator.send({ ...load, type: 'start', clips, mediaUrls: share, seed: load.seed + index } satisfies GeneratorOrder);
    return generator;
  });
  await Promise.all(generators.map((generator) => told(generator, 'loaded')));
  return generators;
}

/** Phones ring, and are answered one after the other: from the first frame of each to the first of its greeting. */
async function greet(
  worker: ChildProcess,
  mediaUrls: readonly string[],
  { token, firstCall }: { token: string; firstCall: number },
): Promise<(number | null)[]> {
  const answering = mediaUrls.map(async (url, index) => {
    await pause(index * ANSWER_EVERY_MS);
    worker.send({ type: 'ring', call: firstCall + index } satisfies Ring);
    await pause(RING_MS);
    return answer(url, token);
  });
  return Promise.all(answering);
}

async function answer(url: string, token: string): Promise<number | null> {
  let greetedAt: number | null = null;
  const phone = new Phone(await connectCall(url, token), { arrived: (at) => (greetedAt ??= at) });
  const answeredAt = performance.now();
  const send = () => {
    if (phone.open) phone.send(new Date().toISOString());
  };
  send();
  const stopTicker = everyFrame(send);
  await pause(LISTEN_MS);
  stopTicker();
  phone.close();
  return greetedAt === null ? null : greetedAt - answeredAt;
}

await main();
