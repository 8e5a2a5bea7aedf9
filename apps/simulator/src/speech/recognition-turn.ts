import { randomUUID } from 'node:crypto';
import type { RecogniserSession } from '../engines/speech-engines.js';
import type { SpeechSocket } from './speech-socket.js';
import { displayText, timedWords, TICKS_PER_SAMPLE } from './transcript-text.js';
import { type SegmenterListener, UtteranceSegmenter } from './utterance-segmenter.js';

export interface RecognitionSettings {
  detailed: boolean;
  segmentationSilenceMs: number;
  initialSilenceMs: number;
}

/** Partial transcripts come at most this often, in audio time. */
const PARTIAL_EVERY_SAMPLES = 3_200;

interface PhraseTimes {
  begin: number;
  end: number;
}

/** One turn of a recognition: from the first audio to the empty frame. Offsets count from the turn's first sample. */
export class RecognitionTurn implements SegmenterListener {
  readonly requestId: string;
  readonly #socket: SpeechSocket;
  readonly #session: RecogniserSession;
  readonly #settings: RecognitionSettings;
  readonly #segmenter: UtteranceSegmenter;
  readonly #onFailure: (error: unknown) => void;
  /** Phrases are told in the order in which they were said, whatever their recognition takes. */
  #phrases: Promise<void> = Promise.resolve();
  #begin: number | undefined;
  #position = 0;
  #partial = '';
  #toldPartial = '';
  #toldAt = 0;
  #over = false;

  constructor(
    requestId: string,
    socket: SpeechSocket,
    open: (onPartial: (text: string) => void) => RecogniserSession,
    settings: RecognitionSettings,
    onFailure: (error: unknown) => void,
  ) {
    this.requestId = requestId;
    this.#socket = socket;
    this.#settings = settings;
    this.#onFailure = onFailure;
    this.#session = open((text) => (this.#partial = text));
    this.#segmenter = new UtteranceSegmenter(this, { endSilenceMs: settings.segmentationSilenceMs, silenceMs: settings.initialSilenceMs });
    this.#send('turn.start', { context: { serviceTag: requestId.toLowerCase() } });
  }

  push(pcm: Int16Array): void {
    if (this.#over) return;
    this.#position += pcm.length;
    this.#segmenter.push(pcm);
    this.#tellPartial();
  }

  /** The client has sent everything: what is pending is told, then the end. */
  finish(): void {
    if (this.#over) return;
    this.#segmenter.finish();
    this.#over = true;
    void this.#phrases.then(() => {
      this.#send('turn.end', {});
      this.#session.close();
    });
  }

  /** The client has gone, or began another turn. */
  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    this.#session.close();
  }

  began(position: number): void {
    this.#begin = position;
    this.#partial = '';
    this.#toldPartial = '';
    this.#send('speech.startDetected', { Offset: position * TICKS_PER_SAMPLE });
  }

  audio(pcm: Int16Array): void {
    this.#session.feed(pcm);
  }

  ended(begin: number, end: number, position: number): void {
    this.#begin = undefined;
    const recognition = this.#session.finish();
    recognition.catch(() => undefined); // told below, in its turn
    this.#phrases = this.#phrases.then(async () => {
      try {
        const { text, confidence } = await recognition;
        this.#tellPhrase(text, confidence, { begin, end });
      } catch (error) {
        this.#send('speech.phrase', this.#phrase('Error', { begin, end }));
        this.#onFailure(error);
      }
      this.#send('speech.endDetected', { Offset: position * TICKS_PER_SAMPLE });
    });
  }

  silent(begin: number, position: number): void {
    this.#phrases = this.#phrases.then(() => this.#send('speech.phrase', this.#phrase('InitialSilenceTimeout', { begin, end: position })));
  }

  #tellPartial(): void {
    if (this.#begin === undefined || this.#partial === this.#toldPartial || this.#position - this.#toldAt < PARTIAL_EVERY_SAMPLES) return;
    this.#toldPartial = this.#partial;
    this.#toldAt = this.#position;
    if (this.#partial === '') return;
    const times = { Offset: this.#begin * TICKS_PER_SAMPLE, Duration: (this.#position - this.#begin) * TICKS_PER_SAMPLE };
    this.#send('speech.hypothesis', { Id: randomUUID(), Text: this.#partial, ...times, Channel: 0 });
  }

  #tellPhrase(text: string, confidence: number, times: PhraseTimes): void {
    if (text === '') {
      this.#send('speech.phrase', this.#phrase('NoMatch', times));
      return;
    }
    const display = displayText(text);
    const best = { Confidence: confidence, Lexical: text, ITN: text, MaskedITN: text, Display: display };
    this.#send('speech.phrase', {
      ...this.#phrase('Success', times),
      DisplayText: display,
      ...(this.#settings.detailed && { NBest: [{ ...best, Words: timedWords(text, times.begin, times.end) }] }),
    });
  }

  #phrase(status: 'Success' | 'NoMatch' | 'InitialSilenceTimeout' | 'Error', { begin, end }: PhraseTimes): object {
    const times = { Offset: begin * TICKS_PER_SAMPLE, Duration: (end - begin) * TICKS_PER_SAMPLE };
    return { Id: randomUUID(), RecognitionStatus: status, ...times, Channel: 0 };
  }

  #send(path: string, body: object): void {
    this.#socket.send(path, this.requestId, body);
  }
}
