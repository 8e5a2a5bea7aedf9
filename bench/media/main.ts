import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openSpeechEngines } from '@carillon/simulator/engines';
import { exportPKCS8, generateKeyPair } from 'jose';
import { openCarrierKeys } from './carrier-keys.js';
import type { GeneratorOrder, GeneratorReport, WorkerFrames, WorkerReport } from './messages.js';

const GENERATORS = 2;
const ISSUER = 'https://acscallautomation.communication.azure.com';

/** Things that people say on the phone; spoken by a synthesiser, so that the voice detector works on real speech. */
const SENTENCES = [
  'my name is sarah connor and i live in springfield',
  'tuesday the third of june would be fine for me',
  'the number is four one seven two nine',
  'well let me see i think it was in the middle of march',
  'no that is all thank you very much',
];

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
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = await openCarrierKeys(publicKey);
  const audience = randomUUID();
  const worker = child('worker.js', ['--max-semi-space-size=32']);
  const ready = once(worker, 'message');
  worker.send({ type: 'start', calls, jwksUrl: keys.url, issuer: ISSUER, audience });
  const [{ mediaUrls }] = (await ready) as [{ mediaUrls: string[] }];
  const order = {
    type: 'start' as const,
    carrierKey: await exportPKCS8(privateKey),
    issuer: ISSUER,
    audience,
    clips: await clips(),
    seconds,
  };
  const generators = Array.from({ length: GENERATORS }, (_, index) => {
    const generator = child('generator.js');
    const share = mediaUrls.filter((_url, call) => call % GENERATORS === index);
    generator.send({ ...order, mediaUrls: share, seed: Number(values.seed) + index } satisfies GeneratorOrder);
    return generator;
  });
  await Promise.all(generators.map((generator) => message(generator, 'loaded')));
  worker.send({ type: 'measure' });
  const reporting = Promise.all(generators.map((generator) => message(generator, 'report')));
  await Promise.all(generators.map((generator) => message(generator, 'unloaded')));
  const measured = (await asked(worker, 'report')) as WorkerReport;
  const reports = (await reporting) as GeneratorReport[];
  const frames = (await asked(worker, 'frames')) as WorkerFrames;
  for (const generator of generators) generator.send({ type: 'stop' });
  await Promise.all(generators.map((generator) => once(generator, 'exit')));
  worker.send({ type: 'stop' });
  await once(worker, 'exit');
  await keys.close();
  process.stdout.write(`${JSON.stringify(result({ calls, seconds }, reports, measured, frames))}\n`);
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
    cores_used: round(worker.coresUsed, 3),
    cpu_pct_per_call: round((100 * worker.coresUsed) / load.calls, 2),
    loop_delay_p99_ms: round(worker.loopDelayP99Ms, 1),
    frames_sent: framesSent,
    frames_lost: framesSent - sum((report) => report.framesReceived) - frames.framesReceived,
    underruns: sum((report) => report.underruns),
    dropped_calls: sum((report) => report.dropped),
    engine_p99_ms: round(percentile(worker.engineMs, 0.99) + worker.vadQueueP99Ms, 1),
    vad_queue_p99_ms: round(worker.vadQueueP99Ms, 1),
    reply_p50_ms: Math.round(percentile(worker.replyMs, 0.5)),
    reply_p95_ms: Math.round(percentile(worker.replyMs, 0.95)),
    rss_mb: Math.round(worker.rssMb),
  };
}

async function clips(): Promise<string[]> {
  const { SIMULATOR_SPEECH_LIBRARIES: libraryDir = '', SIMULATOR_SPEECH_MODEL: modelDir = '' } = process.env;
  const engines = await openSpeechEngines({ libraryDir, modelDir }, { threads: 1 });
  try {
    const spoken: string[] = [];
    for (const [index, sentence] of SENTENCES.entries()) {
      const pcm = await engines.synthesise(sentence, index % 2 === 0 ? 'slt' : 'rms');
      spoken.push(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64'));
    }
    return spoken;
  } finally {
    await engines.close();
  }
}

function child(script: string, execArgv: string[] = []): ChildProcess {
  const started = fork(fileURLToPath(new URL(script, import.meta.url)), [], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  started.once('exit', (code) => {
    if (code === 0) return;
    process.stderr.write(`${script} ended with ${code}\n`);
    process.exit(1);
  });
  return started;
}

function asked(child: ChildProcess, type: string): Promise<unknown> {
  const answer = message(child, type);
  child.send({ type });
  return answer;
}

function message(from: ChildProcess, type: string): Promise<unknown> {
  return new Promise((done) => {
    const listener = (received: { type: string }) => {
      if (received.type !== type) return;
      from.off('message', listener);
      done(received);
    };
    from.on('message', listener);
  });
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

await main();
