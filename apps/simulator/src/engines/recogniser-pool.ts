import { type EnginePaths, EngineThread } from './engine-thread.js';
import type { CepstralMean, LanguageModelFiles, Recognition } from './pocketsphinx.js';
import type { FinishedUtterance, PartialEvent, RecognitionMessage } from './recognition-thread.js';

/** One speaker on one line. Utterances follow one another; what was learnt of the voice stays for the next. */
export interface RecogniserSession {
  /** Any number of samples, 16 kHz mono. They are copied. The first ones begin an utterance. */
  feed(pcm: Int16Array): void;
  /** Ends the utterance and answers its text: empty, with confidence 0, if nothing was fed. Rejects if the thread has died. */
  finish(): Promise<Recognition>;
  /** Drops the utterance in progress. Further audio is ignored. */
  close(): void;
}

interface Seat {
  thread: EngineThread<RecognitionMessage, PartialEvent>;
  /** Utterances in progress, of all sessions. */
  load: number;
}

interface Utterance {
  id: number;
  seat: Seat;
  onPartial: (text: string) => void;
}

/** Spreads utterances over threads: each goes to the thread with the fewest in progress, and stays there. */
export class RecogniserPool {
  readonly #seats: Seat[];
  readonly #utterances = new Map<number, Utterance>();
  #lastUtteranceId = 0;

  constructor(paths: EnginePaths, threads: number) {
    this.#seats = Array.from({ length: threads }, () => ({
      thread: new EngineThread<RecognitionMessage, PartialEvent>('recognition-thread', paths, (event) =>
        this.#utterances.get(event.utteranceId)?.onPartial(event.text),
      ),
      load: 0,
    }));
  }

  async ready(): Promise<void> {
    await Promise.all(this.#seats.map(({ thread }) => thread.ready()));
  }

  /** Utterances begun from now on use it. */
  async useModel(model: string, files: LanguageModelFiles): Promise<void> {
    await Promise.all(this.#seats.map(({ thread }) => thread.request({ kind: 'useModel', model, files })));
  }

  openSession(model: string, onPartial: (text: string) => void): RecogniserSession {
    return new PooledSession(this, model, onPartial);
  }

  begin(model: string, mean: CepstralMean | undefined, onPartial: (text: string) => void): Utterance {
    const seat = this.#freest();
    const utterance = { id: ++this.#lastUtteranceId, seat, onPartial };
    this.#utterances.set(utterance.id, utterance);
    seat.load += 1;
    seat.thread.post({ kind: 'begin', utteranceId: utterance.id, model, mean });
    return utterance;
  }

  feed({ id, seat }: Utterance, pcm: Int16Array): void {
    const copy = pcm.slice();
    seat.thread.post({ kind: 'audio', utteranceId: id, pcm: copy }, [copy.buffer]);
  }

  async finish(utterance: Utterance): Promise<FinishedUtterance> {
    try {
      return (await utterance.seat.thread.request({ kind: 'finish', utteranceId: utterance.id })) as FinishedUtterance;
    } finally {
      this.#forget(utterance);
    }
  }

  abandon(utterance: Utterance): void {
    utterance.seat.thread.post({ kind: 'abandon', utteranceId: utterance.id });
    this.#forget(utterance);
  }

  async close(): Promise<void> {
    await Promise.all(this.#seats.map(({ thread }) => thread.close()));
  }

  #forget(utterance: Utterance): void {
    if (this.#utterances.delete(utterance.id)) utterance.seat.load -= 1;
  }

  /** Threads that have died take no more utterances, unless all have: then `finish` tells why. */
  #freest(): Seat {
    const alive = this.#seats.filter(({ thread }) => !thread.failure);
    return (alive.length > 0 ? alive : this.#seats).reduce((best, seat) => (seat.load < best.load ? seat : best));
  }
}

class PooledSession implements RecogniserSession {
  readonly #pool: RecogniserPool;
  readonly #model: string;
  readonly #onPartial: (text: string) => void;
  #utterance: Utterance | undefined;
  #mean: CepstralMean | undefined;
  #closed = false;

  constructor(pool: RecogniserPool, model: string, onPartial: (text: string) => void) {
    this.#pool = pool;
    this.#model = model;
    this.#onPartial = onPartial;
  }

  feed(pcm: Int16Array): void {
    if (this.#closed || pcm.length === 0) return;
    this.#utterance ??= this.#pool.begin(this.#model, this.#mean, this.#onPartial);
    this.#pool.feed(this.#utterance, pcm);
  }

  async finish(): Promise<Recognition> {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    if (!utterance) return { text: '', confidence: 0 };
    const { text, confidence, mean } = await this.#pool.finish(utterance);
    this.#mean = mean;
    return { text, confidence };
  }

  close(): void {
    this.#closed = true;
    if (this.#utterance) this.#pool.abandon(this.#utterance);
    this.#utterance = undefined;
  }
}
