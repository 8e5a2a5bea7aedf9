import { type CepstralMean, type Decoder, type LanguageModelFiles, PocketSphinx, type Recognition } from './pocketsphinx.js';
import { sendEvent, serveThread } from './thread-service.js';

export type RecognitionMessage =
  | { kind: 'useModel'; model: string; files: LanguageModelFiles }
  | { kind: 'begin'; utteranceId: number; model: string; mean: CepstralMean | undefined }
  | { kind: 'audio'; utteranceId: number; pcm: Int16Array }
  | { kind: 'finish'; utteranceId: number }
  | { kind: 'abandon'; utteranceId: number };

export interface PartialEvent {
  kind: 'partial';
  utteranceId: number;
  text: string;
}

export interface FinishedUtterance extends Recognition {
  mean: CepstralMean;
}

/** How much new audio makes it worth asking for the text so far: 100 ms. */
const PARTIAL_EVERY_SAMPLES = 1_600;

/** A language model and the decoders that are not at work. A newer model of the name replaces the whole pool. */
interface Pool {
  files: LanguageModelFiles;
  idle: Decoder[];
}

interface Utterance {
  pool: Pool;
  decoder: Decoder;
  samplesSincePartial: number;
  partialText: string;
}

class RecognitionService {
  readonly #sphinx: PocketSphinx;
  readonly #pools = new Map<string, Pool>();
  readonly #utterances = new Map<number, Utterance | Error>();

  constructor(sphinx: PocketSphinx) {
    this.#sphinx = sphinx;
  }

  handle(message: RecognitionMessage): FinishedUtterance | undefined {
    if (message.kind === 'useModel') return this.#useModel(message.model, message.files);
    if (message.kind === 'finish') return this.#finish(message.utteranceId);
    if (message.kind === 'abandon') return this.#abandon(message.utteranceId);
    this.#guard(message.utteranceId, () => {
      if (message.kind === 'begin') this.#begin(message.utteranceId, message.model, message.mean);
      else this.#audio(message.utteranceId, message.pcm);
    });
    return undefined;
  }

  close(): void {
    for (const utterance of this.#utterances.values()) if (!(utterance instanceof Error)) utterance.decoder.free();
    for (const pool of this.#pools.values()) for (const decoder of pool.idle) decoder.free();
  }

  /** Creates one decoder at once, so that a model that cannot be loaded is refused here and not in a call. */
  #useModel(model: string, files: LanguageModelFiles): undefined {
    const pool = { files, idle: [this.#sphinx.createDecoder(files)] };
    for (const decoder of this.#pools.get(model)?.idle ?? []) decoder.free();
    this.#pools.set(model, pool);
  }

  #begin(utteranceId: number, model: string, mean: CepstralMean | undefined): void {
    const pool = this.#pools.get(model);
    if (!pool) throw new Error(`no language model ${model}`);
    const decoder = pool.idle.pop() ?? this.#sphinx.createDecoder(pool.files);
    this.#utterances.set(utteranceId, { pool, decoder, samplesSincePartial: 0, partialText: '' });
    decoder.start(mean);
  }

  #audio(utteranceId: number, pcm: Int16Array): void {
    const utterance = this.#utterances.get(utteranceId);
    if (!utterance || utterance instanceof Error) return;
    utterance.decoder.process(pcm);
    utterance.samplesSincePartial += pcm.length;
    if (utterance.samplesSincePartial < PARTIAL_EVERY_SAMPLES) return;
    utterance.samplesSincePartial = 0;
    const text = utterance.decoder.partialText();
    if (text === utterance.partialText) return;
    utterance.partialText = text;
    sendEvent<PartialEvent>({ kind: 'partial', utteranceId, text });
  }

  #finish(utteranceId: number): FinishedUtterance {
    const utterance = this.#utterances.get(utteranceId);
    this.#utterances.delete(utteranceId);
    if (!utterance) throw new Error('no such utterance');
    if (utterance instanceof Error) throw utterance;
    const result = utterance.decoder.finish();
    const mean = utterance.decoder.mean();
    this.#release(utterance);
    return { ...result, mean };
  }

  #abandon(utteranceId: number): undefined {
    const utterance = this.#utterances.get(utteranceId);
    this.#utterances.delete(utteranceId);
    if (!utterance || utterance instanceof Error) return;
    utterance.decoder.finish(); // a decoder cannot start anew in the middle of an utterance
    this.#release(utterance);
  }

  #release({ pool, decoder }: Utterance): void {
    if ([...this.#pools.values()].includes(pool)) pool.idle.push(decoder);
    else decoder.free();
  }

  /** A fault in one utterance is told by its `finish`; the others on this thread go on. */
  #guard(utteranceId: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      const broken = this.#utterances.get(utteranceId);
      if (broken && !(broken instanceof Error)) broken.decoder.free();
      this.#utterances.set(utteranceId, error instanceof Error ? error : new Error(String(error)));
    }
  }
}

serveThread<RecognitionMessage>(({ libraryDir, modelDir }) => new RecognitionService(new PocketSphinx(libraryDir, modelDir)));
