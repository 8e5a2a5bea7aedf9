import type { TtsListener, TtsProvider, TtsRequest, WordMark } from '@carillon/pipeline';
import { type TtsFault, VirtualClock } from '@carillon/testing';

/** A provider whose service meets its first utterance with this fault, and speaks at 16 samples per millisecond and 60 ms per character. */
export type TtsUnderTest = (fault: TtsFault | null, clock: VirtualClock) => TtsProvider;

export const HELLO: TtsRequest = { text: 'Hello.', voice: 'one', language: 'en-US', style: 'none', rate: 1, sampleRate: 16_000 };

/** Keeps what it is told of one utterance. */
export class HeardSpeech implements TtsListener {
  readonly told: string[] = [];
  readonly errors: Error[] = [];
  readonly marks: WordMark[] = [];
  samples = 0;
  firstAt: number | undefined;
  readonly #now: () => number;

  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  audio(pcm: Int16Array): void {
    this.firstAt ??= this.#now();
    this.samples += pcm.length;
    if (this.told.at(-1) !== 'audio') this.told.push('audio');
  }

  words(marks: readonly WordMark[]): void {
    this.marks.push(...marks);
  }

  done(): void {
    this.told.push('done');
  }

  failed(error: Error): void {
    this.errors.push(error);
    this.told.push('failed');
  }
}

/** What every voice behind the port does. */
export function ttsContract(name: string, open: TtsUnderTest): void {
  describe(`${name} as a voice`, () => {
    let clock: VirtualClock;
    let heard: HeardSpeech;

    beforeEach(() => {
      clock = new VirtualClock();
      heard = new HeardSpeech();
    });

    it('gives all audio in order and then says that it is done', async () => {
      open(null, clock).speak(HELLO, heard);
      expect(heard.told).toEqual([]); // not before the caller has its handle
      await clock.advance(10_000);
      expect(heard.told).toEqual(['audio', 'done']);
      expect(heard.samples).toBe(6 * 60 * 16);
      expect(clock.pending).toBe(0);
    });

    it('says a failure once, and nothing after it', async () => {
      open('breaks-off', clock).speak(HELLO, heard);
      await clock.advance(10_000);
      expect(heard.told).toEqual(['audio', 'failed']);
      expect(clock.pending).toBe(0);
    });

    it('is not heard of again once it is cancelled', async () => {
      const voice = open(null, clock);
      voice.speak(HELLO, heard).cancel();
      const late = new HeardSpeech();
      const utterance = voice.speak({ ...HELLO, text: 'Something longer than a moment.' }, late);
      await clock.advance(160);
      const { samples } = late;
      expect(samples).toBeGreaterThan(0);
      utterance.cancel();
      utterance.cancel();
      await clock.advance(10_000);
      expect(heard.told).toEqual([]);
      expect(late.told).toEqual(['audio']);
      expect(late.samples).toBe(samples);
      expect(clock.pending).toBe(0);
    });

    it('speaks for two calls at a time without mixing them', async () => {
      const voice = open(null, clock);
      const other = new HeardSpeech();
      voice.speak(HELLO, heard);
      voice.speak({ ...HELLO, text: 'Hello, hello.' }, other);
      await clock.advance(10_000);
      expect([heard.samples, other.samples]).toEqual([6 * 60 * 16, 13 * 60 * 16]);
    });
  });
}
