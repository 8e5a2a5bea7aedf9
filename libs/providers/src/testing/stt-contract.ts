import type { SttListener, SttProvider, SttStream } from '@carillon/pipeline';
import { VirtualClock } from '@carillon/testing';

/** A provider that hears these utterances, one in each stretch of loud frames. */
export type SttUnderTest = (utterances: readonly string[], clock: VirtualClock) => SttProvider;

export const VOICE = new Int16Array(320).fill(8_000);
export const QUIET = new Int16Array(320);

/** Keeps what it is told of one call. */
export class HeardWords implements SttListener {
  readonly told: string[] = [];
  readonly finals: string[] = [];
  interimText = '';

  interim(text: string): void {
    this.interimText = text;
    this.told.push(`~${text}`);
  }

  final(text: string): void {
    this.finals.push(text);
    this.told.push(text);
  }

  failed(error: Error): void {
    this.told.push(`failed: ${error.message}`);
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
