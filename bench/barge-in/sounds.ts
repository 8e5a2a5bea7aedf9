import type { FliteVoice, SpeechEngines } from '@carillon/simulator/engines';
import type { SeededRandom } from '@carillon/simulator/greetings';
import { joined, silence } from '../answering-machine/line-sounds.js';
import { makeNoise } from '../answering-machine/phone-line.js';
import type { CuedUtterance } from '../voice/cued-recogniser.js';
import { trimmedClip } from '../voice/spoken-clip.js';

export type SoundKind = 'voice' | 'cough' | 'click' | 'backchannel' | 'line-noise' | 'echo';

/** What a person's end sends over the agent. */
export interface Sound {
  kind: SoundKind;
  pcm: Int16Array;
  onsetMs: number;
  durationMs: number;
  /** What a recogniser understands of it. */
  utterance: CuedUtterance;
}

const VOICES: readonly FliteVoice[] = ['rms', 'slt', 'awb', 'kal16'];
const SAMPLES_PER_MS = 16;
const FRAME_SAMPLES = 320;

const INTERRUPTIONS = [
  'sorry can i stop you there for a moment',
  'wait a minute please i have a question',
  'no thank you i am not interested in that',
  'actually could you call me back tomorrow morning',
  'hold on who is this calling',
  'excuse me what company are you from',
  'i already told your colleague that i do not want this',
  'listen i am driving right now',
  'how much does all of that cost me',
  'please take my number off your list',
];
const BACKCHANNELS = ['mm hmm', 'uh huh', 'yeah', 'right', 'okay', 'i see', 'sure', 'yes'];

/** Somebody who wants the floor: any of the voices, fast or slow, near the microphone or not. */
export async function drawVoice(engines: SpeechEngines, random: SeededRandom): Promise<Sound> {
  return spoken('voice', random.pick(INTERRUPTIONS), engines, random);
}

/** A sound that wants nothing. An echo has no sound of its own: it is made of what the agent says at the time. */
export async function drawNoise(kind: Exclude<SoundKind, 'voice'>, engines: SpeechEngines, random: SeededRandom): Promise<Sound> {
  switch (kind) {
    case 'backchannel':
      return spoken('backchannel', random.pick(BACKCHANNELS), engines, random);
    case 'cough':
      return unspoken('cough', cough(random));
    case 'click':
      return unspoken('click', clicks(random));
    case 'line-noise':
      return unspoken('line-noise', lineNoise(random));
    case 'echo':
      return unspoken('echo', new Float64Array(0));
  }
}

async function spoken(kind: SoundKind, text: string, engines: SpeechEngines, random: SeededRandom): Promise<Sound> {
  const voiced = await engines.synthesise(text, random.pick(VOICES), { rate: random.between(85, 120) / 100 });
  const gain = random.between(20, 100) / 100;
  const { pcm, durationMs, onsetMs } = trimmedClip(voiced.map((sample) => Math.round(sample * gain)));
  return { kind, pcm, onsetMs, durationMs, utterance: { words: text.split(' '), final: `${text}.`, durationMs } };
}

function unspoken(kind: SoundKind, sound: Float64Array): Sound {
  const pcm = new Int16Array(Math.ceil(sound.length / FRAME_SAMPLES) * FRAME_SAMPLES);
  sound.forEach((sample, at) => (pcm[at] = sample));
  const durationMs = pcm.length / SAMPLES_PER_MS;
  return { kind, pcm, onsetMs: 0, durationMs, utterance: { words: [], final: '', durationMs } };
}

/** One to three bursts of coloured noise, sharp at first, with the throat's resonance in them. */
function cough(random: SeededRandom): Float64Array {
  const bursts = Array.from({ length: random.between(1, 3) }, () => ({
    burst: burst(random.between(70, 180), random.between(3_000, 12_000), random.between(500, 1_400), random),
    gap: silence(random.between(60, 160)),
  }));
  return joined(bursts.flatMap(({ burst: sound, gap }) => [sound, gap]));
}

function burst(durationMs: number, amplitude: number, resonanceHz: number, random: SeededRandom): Float64Array {
  const samples = durationMs * SAMPLES_PER_MS;
  const turn = 2 * Math.cos((2 * Math.PI * resonanceHz) / 16_000) * 0.93;
  let [before, beforeThat] = [0, 0];
  return Float64Array.from({ length: samples }, (_, at) => {
    const sample = (random.next() - 0.5) * 0.7 + turn * before - 0.93 ** 2 * beforeThat;
    [beforeThat, before] = [before, sample];
    const swell = Math.min(1, at / (8 * SAMPLES_PER_MS)) * Math.exp((-3 * at) / samples);
    return Math.max(-30_000, Math.min(30_000, sample * amplitude * swell));
  });
}

/** A handset that is put down, a plug that is touched. */
function clicks(random: SeededRandom): Float64Array {
  const knocks = Array.from({ length: random.between(1, 4) }, () => [
    burst(random.between(2, 12), random.between(6_000, 20_000), random.between(900, 3_000), random),
    silence(random.between(30, 200)),
  ]);
  return joined(knocks.flat());
}

/** Hiss or hum that comes and goes, −45 to −28 dBFS. */
function lineNoise(random: SeededRandom): Float64Array {
  const samples = random.between(800, 2_500) * SAMPLES_PER_MS;
  const amplitude = 32_768 * 10 ** (-random.between(28, 45) / 20);
  const noise = makeNoise(random.pick(['white', 'hum'] as const), [], random).subarray(0, samples);
  const level = Math.sqrt(noise.reduce((sum, sample) => sum + sample * sample, 0) / samples);
  return noise.map((sample) => Math.max(-30_000, Math.min(30_000, (sample / level) * amplitude)));
}
