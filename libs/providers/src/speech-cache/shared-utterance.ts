import type { Clock, TtsListener, WordMark } from '@carillon/pipeline';
import { soundOf, type Sound, type SpeechPiece } from './sound.js';

export interface UtteranceEnds {
  /** All of the audio; otherwise it failed, or nobody wanted it any more. */
  over(sound: Sound | undefined): void;
  listenerFailed(error: unknown): void;
}

/** One of those who listen. */
export interface Seat {
  listener: TtsListener;
  /** Pieces that it was given. */
  given: number;
  /** False until whoever asked has its handle. */
  isSeated: boolean;
}

/** One utterance in the making, for all who asked for it meanwhile. Who comes later hears first what is there already. */
export class SharedUtterance implements TtsListener {
  readonly #clock: Clock;
  readonly #ends: UtteranceEnds;
  readonly #seats = new Set<Seat>();
  readonly #pieces: SpeechPiece[] = [];
  #stop: () => void = () => undefined;
  #outcome: 'done' | 'left' | Error | undefined;

  constructor(clock: Clock, ends: UtteranceEnds) {
    this.#clock = clock;
    this.#ends = ends;
  }

  /** `stop` ends the provider's work on it. */
  started(stop: () => void): void {
    this.#stop = stop;
  }

  join(listener: TtsListener): { cancel(): void } {
    const seat: Seat = { listener, given: 0, isSeated: false };
    this.#seats.add(seat);
    const entry = this.#clock.setTimer(this.#clock.now(), () => {
      seat.isSeated = true;
      this.#serve(seat);
    });
    return {
      cancel: () => {
        entry.cancel();
        this.#leave(seat);
      },
    };
  }

  audio(pcm: Int16Array): void {
    this.#take(pcm);
  }

  words(marks: readonly WordMark[]): void {
    this.#take(marks);
  }

  done(): void {
    if (this.#outcome) return;
    this.#outcome = 'done';
    this.#ends.over(soundOf(this.#pieces));
    this.#serveAll();
  }

  failed(error: Error): void {
    if (this.#outcome) return;
    this.#outcome = error;
    this.#ends.over(undefined);
    this.#serveAll();
  }

  #take(piece: SpeechPiece): void {
    if (this.#outcome) return;
    this.#pieces.push(piece);
    this.#serveAll();
  }

  /** The last one to leave stops the provider. */
  #leave(seat: Seat): void {
    if (!this.#seats.delete(seat) || this.#seats.size > 0 || this.#outcome) return;
    this.#outcome = 'left';
    this.#ends.over(undefined);
    this.#stop();
  }

  #serveAll(): void {
    for (const seat of this.#seats) if (seat.isSeated) this.#serve(seat);
  }

  /** The calls that share an utterance share nothing else: one that throws does not take the word from the others. */
  #serve(seat: Seat): void {
    try {
      while (this.#seats.has(seat) && seat.given < this.#pieces.length) {
        const piece = this.#pieces[seat.given++];
        if (piece instanceof Int16Array) seat.listener.audio(piece);
        else if (piece) seat.listener.words?.(piece);
      }
      if (!this.#outcome || !this.#seats.delete(seat)) return;
      if (this.#outcome instanceof Error) seat.listener.failed(this.#outcome);
      else seat.listener.done();
    } catch (error) {
      this.#ends.listenerFailed(error);
    }
  }
}
