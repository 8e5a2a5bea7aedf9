import type { SttListener, SttProvider, SttStream } from '@carillon/pipeline';
import { VirtualClock } from '@carillon/testing';
import type { ProviderError } from '../provider-error.js';

/** A provider that hears these utterances, one in each stretch of loud frames. */
export type SttUnderTest = (utterances: readonly string[], clock: VirtualClock) => SttProvider;

export const VOICE = new Int16Array(320).fill(8_000);
export const QUIET = new Int16Array(320);

/** Keeps what it is told of one call. */
export class HeardWords implements SttListener {
  readonly told: string[] = [];
  readonly finals: string[] = [];
  readonly confidences: number[] = [];
  readonly errors: ProviderError[] = [];
  /** How much it had been told each time it was told that the stream was taken. */
  readonly takenAfter: number[] = [];
  interimText = '';
  #wake: (() => void) | undefined;

  opened(): void {
    this.takenAfter.push(this.told.length);
    this.#wake?.();
  }

  interim(text: string): void {
    this.interimText = text;
    this.#note(`~${text}`);
  }

  final(text: string, confidence: number): void {
    this.finals.push(text);
    this.confidences.push(confidence);
    this.#note(text);
  }

  failed(error: Error): void {
    this.errors.push(error as ProviderError);
    this.#note(`failed: ${error.message}`);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async untilTold(text: string): Promise<void> {
    await this.until(() => this.told.includes(text));
  }

  async untilFailed(): Promise<void> {
    await this.until(() => this.errors.length > 0);
  }

  #note(line: string): void {
    this.told.push(line);
    this.#wake?.();
  }
}

/** A stretch of voice and the silence after it, in frames of 20 ms. */
export function say(stream: SttStream, voiceMs: number, quietMs = 600): void {
  for (let ms = 0; ms < voiceMs; ms += 20) stream.push(VOICE);
  for (let ms = 0; ms < quietMs; ms += 20) stream.push(QUIET);
}

/** What every recogniser behind the port does. */
export function sttContract(name: string, open: SttUnderTest): void {
  describe(`${name} as a recogniser`, () => {
    const options = { language: 'en-US', phrases: [] };
    let clock: VirtualClock;
    let heard: HeardWords;

    beforeEach(() => {
      clock = new VirtualClock();
      heard = new HeardWords();
    });

    it('shows what it hears as it grows, and then for good', async () => {
      const stream = open(['yes that is me', 'goodbye'], clock).open(options, heard);
      await clock.advance(0);
      say(stream, 800);
      say(stream, 400);
      await clock.advance(5_000);
      await heard.until(() => heard.finals.length === 2); // over a real socket
      expect(heard.told.filter((text) => text !== '~goodbye')).toEqual([
        '~yes',
        '~yes that',
        '~yes that is',
        '~yes that is me',
        'yes that is me',
        'goodbye',
      ]);
      stream.close();
    });

    it('says once that it has the stream, before anything that it hears', async () => {
      const stream = open(['yes that is me', 'goodbye'], clock).open(options, heard);
      await clock.advance(0);
      say(stream, 800);
      say(stream, 400);
      await clock.advance(5_000);
      await heard.until(() => heard.finals.length === 2);
      expect(heard.takenAfter).toEqual([0]);
      stream.close();
    });

    it('says nothing more once it is closed in the middle of a word', async () => {
      const stream = open(['yes that is me', 'goodbye'], clock).open(options, heard);
      await clock.advance(0);
      say(stream, 800, 100);
      await clock.advance(5_000);
      await heard.untilTold('~yes that is me');
      stream.close();
      const toldBefore = [...heard.told];
      say(stream, 400);
      await clock.advance(60_000);
      expect(heard.told).toEqual(toldBefore);
    });

    it('says nothing once it is closed, and takes no more', async () => {
      const stream = open(['never heard'], clock).open(options, heard);
      await clock.advance(0);
      stream.close();
      stream.close();
      say(stream, 800);
      await clock.advance(60_000);
      expect(heard.told).toEqual([]);
      expect(clock.pending).toBe(0);
    });
  });
}
