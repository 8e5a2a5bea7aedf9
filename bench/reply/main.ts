import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '@carillon/simulator/greetings';
import { connectCall, openBenchCarrier } from '../voice/bench-carrier.js';
import { startChild, stopChild, told } from '../voice/child-process.js';
import { cueFrame } from '../voice/cue.js';
import { percentile, tellResult } from '../voice/figures.js';
import { everyFrameOfEach, pause } from '../voice/frame-ticker.js';
import { clipFrames } from '../voice/phone.js';
import { bytesOf, speakSentences } from '../voice/speech-clips.js';
import { trimmedClip } from '../voice/spoken-clip.js';
import { SENTENCES, type ServicesOrder, type WorkerOrder } from './script.js';
import { Talker } from './talker.js';

/** What a reply takes without speculation when we take nothing: the final transcript, the first token, the first sound. */
const FLOOR_MS = 550;
const RAMP_MS = 2_000;
const LONGEST_TURN_MS = 15_000;
const LOOK_EVERY_MS = 200;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '20' },
      turns: { type: 'string', default: '400' },
      seed: { type: 'string', default: '1' },
    },
  });
  const calls = Number(values.calls);
  const turns = Number(values.turns);
  const clips = (await speakSentences(SENTENCES.map((sentence) => sentence.toLowerCase()))).map(trimmedClip);
  const carrier = await openBenchCarrier();
  const services = child('services.js');
  const utterances = clips.map(({ durationMs }, index) => utteranceOf(SENTENCES[index] ?? '', durationMs));
  services.send({ type: 'start', utterances } satisfies ServicesOrder);
  const { address } = await told<{ address: string }>(services, 'ready');
  const worker = child('worker.js');
  worker.send({ type: 'start', calls, trust: carrier.trust, services: address } satisfies WorkerOrder);
  const { mediaUrls } = await told<{ mediaUrls: string[] }>(worker, 'ready');
  const sentences = clips.map(({ pcm }, cue) => [...clipFrames(bytesOf(cueFrame(cue))), ...clipFrames(bytesOf(pcm))]);
  const talkers = await talk(mediaUrls, { token: carrier.token, sentences, seed: values.seed, turns });
  await stopChild(worker);
  await stopChild(services);
  await carrier.close();
  const replies = (speculative: boolean) =>
    talkers.filter((_talker, ordinal) => (ordinal % 2 === 1) === speculative).flatMap(({ repliesMs }) => repliesMs);
  tellResult({
    result: 'reply',
    turns: talkers.reduce((sum, { repliesMs }) => sum + repliesMs.length, 0),
    floor_ms: FLOOR_MS,
    p50_ms: Math.round(percentile(replies(false), 0.5)),
    p95_ms: Math.round(percentile(replies(false), 0.95)),
    p50_speculative_ms: Math.round(percentile(replies(true), 0.5)),
    p95_speculative_ms: Math.round(percentile(replies(true), 0.95)),
    calls,
  });
}

interface Load {
  token: string;
  sentences: string[][];
  seed: string;
  turns: number;
}

/** Calls that go on side by side until all of them together had so many turns. */
async function talk(mediaUrls: readonly string[], { token, sentences, seed, turns }: Load): Promise<Talker[]> {
  const talkers: Talker[] = [];
  const stopTicker = everyFrameOfEach(talkers, (talker, timestamp) => talker.tick(timestamp));
  for (const [ordinal, url] of mediaUrls.entries()) {
    talkers.push(new Talker(await connectCall(url, token), sentences, seededRandom(`${seed} ${ordinal}`)));
    await pause(RAMP_MS / mediaUrls.length);
  }
  const deadline = performance.now() + (turns / mediaUrls.length + 1) * LONGEST_TURN_MS;
  while (talkers.reduce((sum, { repliesMs }) => sum + repliesMs.length, 0) < turns) {
    if (performance.now() > deadline) throw new Error('the calls do not come to their turns');
    await pause(LOOK_EVERY_MS);
  }
  stopTicker();
  for (const talker of talkers) talker.close();
  return talkers;
}

function utteranceOf(sentence: string, durationMs: number) {
  return { words: sentence.toLowerCase().replace(/\W+$/, '').split(' '), final: sentence, durationMs };
}

function child(script: string) {
  return startChild(fileURLToPath(new URL(script, import.meta.url)), ['--enable-source-maps']);
}

await main();
