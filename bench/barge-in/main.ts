import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { SpeechEngines } from '@carillon/simulator/engines';
import { seededRandom, type SeededRandom } from '@carillon/simulator/greetings';
import { connectCall, openBenchCarrier } from '../voice/bench-carrier.js';
import { asked, startChild, stopChild, told } from '../voice/child-process.js';
import { everyFrameOfEach, pause } from '../voice/frame-ticker.js';
import { openEngines } from '../voice/speech-clips.js';
import { trimmedClip } from '../voice/spoken-clip.js';
import { tellResult } from '../voice/figures.js';
import { AGENT_LINE } from './agent-line.js';
import { Interrupter, type CuedSound } from './interrupter.js';
import { explain, judge, judgeEchoes } from './judge.js';
import { LineHiss } from './line-hiss.js';
import type { WorkerOrder } from './script.js';
import { drawNoise, drawVoice, type Sound, type SoundKind } from './sounds.js';

const NOISES: readonly Exclude<SoundKind, 'voice'>[] = ['cough', 'click', 'backchannel', 'echo', 'line-noise'];
const PROMPT = 'That is fine, please go on.';
const PROMPT_CUE = 0;
const RAMP_MS = 4_000;
const LOOK_EVERY_MS = 200;
/** A line, and all that may come before the next one. */
const LONGEST_ROUND_MS = 40_000;

interface Sounds {
  prompt: CuedSound;
  /** Interruptions and noises in the order in which they are made. */
  over: CuedSound[];
  lineMs: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      calls: { type: 'string', default: '40' },
      interruptions: { type: 'string', default: '200' },
      noises: { type: 'string', default: '200' },
      hiss: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const calls = Number(values.calls);
  const hissDbfs = values.hiss === undefined ? null : Number(values.hiss);
  if (Number.isNaN(hissDbfs)) throw new Error(`--hiss=${values.hiss}: a number of dBFS is wanted, such as --hiss=-60`);
  const counts = { interruptions: Number(values.interruptions), noises: Number(values.noises) };
  const sounds = await drawSounds(counts, seededRandom(`sounds ${values.seed}`));
  const carrier = await openBenchCarrier();
  const worker = startChild(fileURLToPath(new URL('worker.js', import.meta.url)), ['--enable-source-maps']);
  const utterances = [sounds.prompt, ...sounds.over].map(({ sound }) => sound.utterance);
  worker.send({ type: 'start', calls, trust: carrier.trust, utterances } satisfies WorkerOrder);
  const { mediaUrls } = await told<{ mediaUrls: string[] }>(worker, 'ready');
  const total = sounds.over.length;
  const people = await interrupt(mediaUrls, carrier.token, sounds, { seed: values.seed, hissDbfs });
  const attempts = people.flatMap((person) => person.attempts);
  if (attempts.length !== total) throw new Error(`${total} sounds, but only ${attempts.length} were made`);
  await checkVoiceDetector(worker);
  await stopChild(worker);
  await carrier.close();
  if (values.verbose) for (const attempt of attempts) process.stderr.write(`${JSON.stringify(explain(attempt))}\n`);
  tellResult({
    result: 'barge-in',
    ...counts,
    seed: Number(values.seed),
    ...judge(attempts),
    calls,
    ...judgeEchoes(attempts),
    hiss_dbfs: hissDbfs,
  });
}

async function drawSounds(counts: { interruptions: number; noises: number }, random: SeededRandom): Promise<Sounds> {
  const engines = await openEngines();
  try {
    const drawn: Sound[] = [];
    for (let index = 0; index < counts.interruptions; index++) drawn.push(await drawVoice(engines, random));
    for (let index = 0; index < counts.noises; index++) {
      drawn.push(await drawNoise(NOISES[index % NOISES.length] ?? 'cough', engines, random));
    }
    const over = shuffled(drawn, random).map((sound, index) => ({ cue: PROMPT_CUE + 1 + index, sound }));
    const { durationMs: lineMs } = trimmedClip(await engines.synthesise(AGENT_LINE, 'slt'));
    return { prompt: { cue: PROMPT_CUE, sound: await promptOf(engines) }, over, lineMs };
  } finally {
    await engines.close();
  }
}

async function promptOf(engines: SpeechEngines): Promise<Sound> {
  const clip = trimmedClip(await engines.synthesise(PROMPT, 'rms'));
  const words = PROMPT.toLowerCase()
    .replace(/[^a-z ]/g, '')
    .split(' ');
  return { kind: 'voice', ...clip, utterance: { words, final: PROMPT, durationMs: clip.durationMs } };
}

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  return items
    .map((item) => ({ item, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

async function interrupt(
  mediaUrls: readonly string[],
  token: string,
  sounds: Sounds,
  { seed, hissDbfs }: { seed: string; hissDbfs: number | null },
): Promise<Interrupter[]> {
  const people: Interrupter[] = [];
  const left = [...sounds.over];
  const stopTicker = everyFrameOfEach(people, (person, timestamp) => person.tick(timestamp));
  for (const [ordinal, url] of mediaUrls.entries()) {
    const random = seededRandom(`person ${seed} ${ordinal}`);
    const hiss = hissDbfs === null ? null : new LineHiss(hissDbfs, seededRandom(`hiss ${seed} ${ordinal}`));
    people.push(new Interrupter(await connectCall(url, token), sounds.prompt, left, sounds.lineMs, random, hiss));
    await pause(RAMP_MS / mediaUrls.length);
  }
  const deadline = performance.now() + (sounds.over.length / mediaUrls.length + 2) * LONGEST_ROUND_MS;
  while (left.length > 0 || people.some(({ busy }) => busy)) {
    if (performance.now() > deadline || people.some(({ dropped }) => dropped)) throw new Error('the calls do not go on');
    await pause(LOOK_EVERY_MS);
  }
  stopTicker();
  for (const person of people) person.close();
  return people;
}

/** Figures of a detector that judged by loudness would be figures of something else. */
async function checkVoiceDetector(worker: ChildProcess): Promise<void> {
  const { fallbackWindows, windows } = await asked<{ fallbackWindows: number; windows: number }>(worker, 'voice');
  if (fallbackWindows > 0) process.stderr.write(`${fallbackWindows} of ${windows} windows were not judged by the voice detector\n`);
}

await main();
