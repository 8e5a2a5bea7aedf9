import { parseArgs } from 'node:util';
import type { Clock } from '@carillon/pipeline';
import { SileroVadEngine } from '@carillon/providers';
import { openSpeechEngines, type FliteVoice, type SpeechEngines } from '@carillon/simulator/engines';
import { drawGreetings, seededRandom, type Greeting, type GreetingSet, type SeededRandom } from '@carillon/simulator/greetings';
import { createRealClock } from '@carillon/testing';
import { drawChineseCall } from './chinese-calls.js';
import { composeCall, type ComposedCall } from './compose-call.js';
import { hearVoice } from './hear-voice.js';
import { factsOf, hearTones, judgeCall, type Heard, type Judgement } from './judge-call.js';
import { makeNoise, throughPhoneLine, type Noise } from './phone-line.js';
import { report, type JudgedCall } from './report.js';
import { transcribe } from './transcribe.js';

const VOICES: readonly FliteVoice[] = ['rms', 'slt', 'awb', 'kal16'];
const NOISES: readonly Noise[] = ['white', 'hum', 'babble'];
/** Signal to noise, and the share of words that a recogniser gets wrong at it. */
const LINES = [
  { snrDb: 40, wordErrors: 0.05 },
  { snrDb: 20, wordErrors: 0.08 },
  { snrDb: 10, wordErrors: 0.12 },
  { snrDb: 5, wordErrors: 0.2 },
];
const BABBLE = [
  'and then we went to the market and bought some apples',
  'the train was late again so nobody came on time',
  'turn left at the second light',
];
const AT_ONCE = 8;

interface Bench {
  engines: SpeechEngines;
  vad: SileroVadEngine;
  babble: readonly Int16Array[];
  seed: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      greetings: { type: 'string', default: '300' },
      set: { type: 'string', default: 'measuring' },
      verbose: { type: 'boolean', default: false },
    },
  });
  if (values.set !== 'measuring' && values.set !== 'development') throw new Error('--set measuring or --set development');
  const { SIMULATOR_SPEECH_LIBRARIES: libraryDir = '', SIMULATOR_SPEECH_MODEL: modelDir = '' } = process.env;
  const engines = await openSpeechEngines({ libraryDir, modelDir }, { threads: 1 });
  const vad = new SileroVadEngine({ clock: standingClock(), log: { debug: () => undefined, error: complain, warn: complain } });
  try {
    await vad.ready();
    const babble = await Promise.all(BABBLE.map((text, index) => engines.synthesise(text, VOICES[index % VOICES.length] ?? 'slt')));
    const bench = { engines, vad, babble, seed: values.seed };
    const calls = await judgeGreetings(bench, drawGreetings(values.set, values.seed, Number(values.greetings)));
    const chinese = judgeChinese(values.set, values.seed, Number(values.greetings));
    const { windows, fallbackWindows } = vad.statistics();
    if (fallbackWindows > 0) throw new Error(`${fallbackWindows} of ${windows} windows were not judged by the voice detector`);
    if (values.verbose) for (const call of calls) explain(call);
    const load = { seed: Number(values.seed), set: values.set };
    process.stdout.write(`${JSON.stringify(report(load, calls, chinese))}\n`);
  } finally {
    await vad.close();
    await engines.close();
  }
}

/** A few calls side by side. Each has its own random numbers, so their order does not matter. */
async function judgeGreetings(bench: Bench, greetings: readonly Greeting[]): Promise<JudgedCall[]> {
  const judged: JudgedCall[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < greetings.length; index = next++) {
      const greeting = greetings[index];
      if (greeting) judged[index] = await judgeGreeting(bench, greeting, seededRandom(`call ${bench.seed} ${index}`));
      if (index % 50 === 49) process.stderr.write(`${index + 1} of ${greetings.length}\n`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return judged;
}

async function judgeGreeting({ engines, vad, babble }: Bench, greeting: Greeting, random: SeededRandom): Promise<JudgedCall> {
  const voice = random.pick(VOICES);
  const rate = random.between(85, 120) / 100;
  const call = await composeCall(greeting, (text) => engines.synthesise(text, voice, { rate }), random);
  const line = random.pick(LINES);
  const noise = makeNoise(random.pick(NOISES), babble, random);
  const pcm = throughPhoneLine(call.pcm, noise, line.snrDb);
  const texts = transcribe(call.parts, { wordErrors: line.wordErrors, language: 'en-US' }, random);
  const { tones, frames, spentMs } = hearTones(pcm);
  const facts = factsOf(call, await hearVoice(vad, pcm), texts, tones, 'en-US');
  const endsAt = (pcm.length * 1_000) / 16_000;
  return { ...outcome(call, tones, judgeCall(facts, endsAt)), snrDb: line.snrDb, frames, spentMs };
}

function outcome(call: ComposedCall, heard: readonly Heard[], judgement: Judgement) {
  const { greeting, parts, beeps } = call;
  return { greeting, onsetAt: parts[0]?.startedAt ?? 0, beeps, heard: heard.map(({ tone }) => tone), ...judgement };
}

function judgeChinese(set: GreetingSet, seed: string, count: number) {
  const random = seededRandom(`chinese ${set} ${seed}`);
  return Array.from({ length: count }, (_, index) => {
    const call = drawChineseCall(set, index % 2 === 0 ? 'person' : 'machine', random);
    const texts = transcribe(call.parts, { wordErrors: random.pick(LINES).wordErrors, language: 'zh-CN' }, random);
    const { verdict } = judgeCall(factsOf(call, call.voice, texts, [], 'zh-CN'), call.endsAt);
    return { who: call.who, verdict };
  });
}

function explain({ greeting, verdict, snrDb, onsetAt, beeps, heard, messageAt }: JudgedCall): void {
  const right =
    (verdict.kind === 'machine') === (greeting.who === 'machine') && beeps.length === heard.filter(({ kind }) => kind === 'beep').length;
  const line = { right, who: greeting.who, situation: greeting.situation, snrDb, onsetAt, messageAt, ...verdict, beeps, heard };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/**
 * The detector judges by loudness whatever the model is late with. Here calls are heard faster than they were spoken and nobody waits for an answer, so no time
 * passes for it; only its timers run.
 */
function standingClock(): Clock {
  const real = createRealClock();
  return { now: () => 0, setTimer: (afterMs, callback) => real.setTimer(real.now() + afterMs, callback) };
}

function complain(fields: object, message: string): void {
  process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
}

await main();
