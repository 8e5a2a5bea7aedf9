import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import type { PhoneLine } from '../../carrier/callee.js';
import type { SpeechEngines } from '../../engines/speech-engines.js';
import { FRAME_MS } from '../line-clock.js';
import type { Person } from '../person.js';
import { pickUp } from '../pick-up.js';
import { seededRandom } from '../seeded-random.js';

const FRAME_SAMPLES = 320;
const WORD_MS = 300;

export interface Said {
  /** On the line's clock. */
  atMs: number;
  who: 'agent' | 'person';
  text: string;
}

/**
 * A phone line and speech engines without sound: loud frames carry the words that the test gives the agent, and "audio" of the person is as
 * long as its words. Time is the count of frames, so a call takes no time.
 */
export class FakePhone {
  readonly log: Said[] = [];
  readonly statistics = { pickedUp: 0, turnsHeard: 0, messagesRecorded: 0, failures: 0 };
  nowMs = 0;
  ended = false;
  /** When the person hung up; null while they did not. */
  hungUpAtMs: number | null = null;
  #onAudio: ((frame: Int16Array) => void) | undefined;
  #onEnded: (() => void) | undefined;
  #onPartial: ((text: string) => void) | undefined;
  #agentWords: string[] = [];
  #queuedMs = 0;
  #texts = new Map<Int16Array, string>();

  constructor(person: Person, seed = 'a test') {
    const { statistics } = this;
    pickUp({
      person,
      line: this.#line(),
      engines: this.#engines(),
      random: seededRandom(seed),
      log: pino({ level: 'silent' }),
      statistics,
    });
  }

  get personSpeaking(): boolean {
    return this.#queuedMs > 0;
  }

  texts(who: Said['who']): string[] {
    return this.log.filter((said) => said.who === who).map(({ text }) => text);
  }

  /** Lets silence pass. */
  async pass(durationMs: number): Promise<void> {
    for (let at = 0; at < durationMs && !this.ended; at += FRAME_MS) await this.#frame(false);
  }

  /** Speaks for 300 ms a word; stops early where the person starts to speak over it and `yields` is given. */
  async agentSays(text: string, { yields = false } = {}): Promise<void> {
    this.log.push({ atMs: this.nowMs, who: 'agent', text });
    this.#agentWords = [];
    for (const word of text.split(' ')) {
      this.#agentWords.push(word);
      this.#onPartial?.(this.#agentWords.join(' '));
      for (let at = 0; at < WORD_MS && !this.ended; at += FRAME_MS) await this.#frame(true);
      if (yields && this.personSpeaking) break;
    }
  }

  /** Waits until the person has begun to speak and is done; fails after `maxMs`. */
  async personAnswers(maxMs = 3_000): Promise<string> {
    const before = this.texts('person').length;
    for (let at = 0; at < maxMs && this.texts('person').length === before; at += FRAME_MS) await this.#frame(false);
    const text = this.texts('person')[before];
    if (text === undefined) throw new Error('the person did not answer');
    while (this.personSpeaking && !this.ended) await this.#frame(false);
    return text;
  }

  async #frame(loud: boolean): Promise<void> {
    if (this.ended) return;
    this.nowMs += FRAME_MS;
    this.#queuedMs = Math.max(0, this.#queuedMs - FRAME_MS);
    this.#onAudio?.(new Int16Array(FRAME_SAMPLES).fill(loud ? 5_000 : 0));
    await setImmediate(); // promises of the engines settle between frames
  }

  #line(): PhoneLine {
    const phone = () => this;
    return {
      onAudio: (callback) => void (this.#onAudio = callback),
      onEnded: (callback) => void (this.#onEnded = callback),
      say: (pcm) => {
        this.log.push({ atMs: this.nowMs, who: 'person', text: this.#texts.get(pcm) ?? '(a tone)' });
        this.#queuedMs += (pcm.length / FRAME_SAMPLES) * FRAME_MS;
      },
      stopSaying: () => void (this.#queuedMs = 0),
      get saying() {
        return phone().#queuedMs > 0;
      },
      sendTone: () => undefined,
      hangUp: () => this.#end(),
    };
  }

  #end(): void {
    if (this.ended) return;
    this.ended = true;
    this.hungUpAtMs = this.nowMs;
    this.#onEnded?.();
  }

  #engines(): Pick<SpeechEngines, 'openRecogniser' | 'synthesise'> {
    return {
      openRecogniser: (_model, onPartial) => {
        this.#onPartial = onPartial;
        const finish = () => Promise.resolve({ text: this.#agentWords.join(' '), confidence: 1 });
        return { feed: () => undefined, finish, close: () => undefined };
      },
      synthesise: (text) => {
        const pcm = new Int16Array(text.split(' ').length * (WORD_MS / FRAME_MS) * FRAME_SAMPLES);
        this.#texts.set(pcm, text);
        return Promise.resolve(pcm);
      },
    };
  }
}
