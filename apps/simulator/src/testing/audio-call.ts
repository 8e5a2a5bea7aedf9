import { setImmediate } from 'node:timers/promises';
import type { ClaimField } from '@carillon/contracts';
import { pino } from 'pino';
import type { PhoneLine } from '../carrier/callee.js';
import type { FliteVoice, RecogniserSession, SpeechEngines } from '../engines/speech-engines.js';
import type { Person } from '../people/person.js';
import { pickUp } from '../people/pick-up.js';
import { seededRandom } from '../people/seeded-random.js';
import { SpeechSegmenter } from '../people/speech-segmenter.js';
import { GREETING, TextCall } from './text-call.js';

const FRAME_SAMPLES = 320;
const FRAME_MS = 20;

/** As the media worker: silence that ends the person's turn, and voice that stops the agent. */
const AGENT_ENDPOINT_MS = 500;
const BARGE_IN_MS = 250;

/** From the person's words to the agent's first sound: the model's first token, and a little. */
const AGENT_THINKS_MS = 300;

/**
 * A call in sound: a person and an agent who hear and speak through the real engines, over a line whose time runs as fast as these do. The agent
 * is the scripted model with the simplest turn taking that works.
 */
export class AudioCall {
  readonly text: TextCall;
  readonly log: string[] = [];
  nowMs = 0;
  ended = false;
  interruptions = 0;
  readonly #engines: SpeechEngines;
  readonly #agentVoice: FliteVoice;
  readonly #agentEars: RecogniserSession;
  readonly #segmenter = new SpeechSegmenter(AGENT_ENDPOINT_MS);
  #agentAudio = new Int16Array();
  #personAudio = new Int16Array();
  #voicedMs = 0;
  #pending = 0;
  #hangUpWhenSaid = false;
  #onAudio: ((frame: Int16Array) => void) | undefined;
  #onEnded: (() => void) | undefined;

  constructor(engines: SpeechEngines, person: Person, fields: ClaimField[], agentVoice: FliteVoice) {
    this.#engines = this.#counting(engines);
    this.#agentVoice = agentVoice;
    this.text = new TextCall(fields);
    this.#agentEars = this.#engines.openRecogniser('callers', () => undefined);
    const statistics = { pickedUp: 0, turnsHeard: 0, messagesRecorded: 0, failures: 0 };
    const random = seededRandom(`call to ${person.phoneE164}`);
    pickUp({ person, line: this.#line(), engines: this.#engines, random, log: pino({ level: 'silent' }), statistics });
  }

  /** Runs the call to its end; gives up after `maxMs` of the line's time. */
  async hold(maxMs = 180_000): Promise<void> {
    await this.#speak(GREETING);
    while (!this.ended && this.nowMs < maxMs) await this.#frame();
    this.#agentEars.close();
    this.#end();
  }

  async #frame(): Promise<void> {
    this.nowMs += FRAME_MS;
    const heard = this.#take('#personAudio');
    this.#onAudio?.(this.#take('#agentAudio'));
    await this.#agentHears(heard);
    if (this.#hangUpWhenSaid && this.#agentAudio.length === 0) this.#end();
    do await setImmediate();
    while (this.#pending > 0); // the line waits for the engines
  }

  async #agentHears(frame: Int16Array): Promise<void> {
    const segment = this.#segmenter.push(frame);
    this.#voicedMs = segment === 'silence' ? 0 : this.#voicedMs + FRAME_MS;
    if (this.#voicedMs >= BARGE_IN_MS && this.#agentAudio.length > 0 && !this.#hangUpWhenSaid) this.#stopAgent();
    this.#agentEars.feed(frame);
    if (segment !== 'end') return;
    const { text } = await this.#agentEars.finish();
    this.log.push(`${this.nowMs} agent heard: ${text}`);
    if (text !== '' && !this.#hangUpWhenSaid) await this.#speak(this.text.say(text), AGENT_THINKS_MS);
    this.#hangUpWhenSaid = this.text.ended !== null;
  }

  #stopAgent(): void {
    this.interruptions += 1;
    this.log.push(`${this.nowMs} agent interrupted`);
    this.#agentAudio = new Int16Array();
    const last = this.text.messages.at(-1);
    // what was heard of it is about half
    if (last?.role === 'assistant' && last.content) last.content = last.content.slice(0, last.content.length / 2);
  }

  async #speak(text: string, afterMs = 0): Promise<void> {
    this.log.push(`${this.nowMs} agent: ${text}`);
    const pcm = await this.#engines.synthesise(text, this.#agentVoice);
    this.#agentAudio = joined(new Int16Array(afterMs * 16), pcm);
  }

  #take(which: '#agentAudio' | '#personAudio'): Int16Array {
    const audio = which === '#agentAudio' ? this.#agentAudio : this.#personAudio;
    const frame = new Int16Array(FRAME_SAMPLES);
    frame.set(audio.subarray(0, FRAME_SAMPLES));
    if (which === '#agentAudio') this.#agentAudio = audio.subarray(FRAME_SAMPLES);
    else this.#personAudio = audio.subarray(FRAME_SAMPLES);
    return frame;
  }

  #end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#onEnded?.();
  }

  #line(): PhoneLine {
    const call = () => this;
    return {
      onAudio: (callback) => void (this.#onAudio = callback),
      onEnded: (callback) => void (this.#onEnded = callback),
      say: (pcm) => void (this.#personAudio = joined(this.#personAudio, pcm)),
      stopSaying: () => void (this.#personAudio = new Int16Array()),
      get saying() {
        return call().#personAudio.length > 0;
      },
      sendTone: () => undefined,
      hangUp: () => this.#end(),
    };
  }

  /** The same engines, with a count of what is under way. */
  #counting(engines: SpeechEngines): SpeechEngines {
    const counted = async <T>(work: Promise<T>): Promise<T> => {
      this.#pending += 1;
      return work.finally(() => (this.#pending -= 1));
    };
    return {
      setLanguageModel: (name, sentences) => engines.setLanguageModel(name, sentences),
      openRecogniser: (model, onPartial) => {
        const session = engines.openRecogniser(model, onPartial);
        return { feed: (pcm) => session.feed(pcm), finish: () => counted(session.finish()), close: () => session.close() };
      },
      synthesise: (text, voice, options) => {
        if (voice !== this.#agentVoice || !text.endsWith('.')) this.log.push(`${this.nowMs} says: ${text}`);
        return counted(engines.synthesise(text, voice, options));
      },
      close: () => engines.close(),
    };
  }
}

function joined(a: Int16Array, b: Int16Array): Int16Array<ArrayBuffer> {
  const both = new Int16Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
