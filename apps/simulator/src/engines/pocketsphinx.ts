import koffi from 'koffi';
import { join } from 'node:path';
import { openLibrary, type Pointer } from './native-library.js';

/** A language model on disk: trigrams in ARPA text, and the pronunciations of exactly its words. */
export interface LanguageModelFiles {
  arpaPath: string;
  dictionaryPath: string;
}

export interface Recognition {
  /** Lower-case words with single spaces; empty when nothing was recognised. */
  text: string;
  /** 0 to 1: the posterior of the best path in the word lattice. Good for ordering, not calibrated. */
  confidence: number;
}

/** Mean of each cepstral coefficient of the speaker and line so far: what a decoder subtracts to hear words, not voices. */
export type CepstralMean = Float32Array;

/**
 * Where a speaker's first utterance starts from: the average over Flite's voices on a clean 16 kHz line. The model's own default
 * lies far from them. Over 108 answers, wrong values fell from 1–5 % to 0–3 %, and to 0–2 % with each speaker's own mean.
 */
const TYPICAL_MEAN: CepstralMean = Float32Array.of(49.4, 3.1, 5.5, 17.6, -1.4, 0.8, 4.1, -7, -3, -2.6, 5.5, 1.4, 2.8);

/** Offset of `cmn_struct` in `feat_t` of libsphinxbase.so.3 (LP64), which has no accessor for it. */
const CMN_OFFSET_BYTES = 88;

function bind(libraryDir: string) {
  const base = openLibrary(libraryDir, 'libsphinxbase.so.3');
  const sphinx = openLibrary(libraryDir, 'libpocketsphinx.so.3');
  return {
    silenceLog: base.func('void err_set_logfp(void *stream)') as (stream: null) => void,
    parse: base.func('void *cmd_ln_init(void *inout, void *definition, int strict, ...)') as (...args: unknown[]) => Pointer | null,
    freeConfig: base.func('int cmd_ln_free_r(void *config)') as (config: Pointer) => number,
    exp: base.func('double logmath_exp(void *logmath, int value)') as (logmath: Pointer, value: number) => number,
    setMean: base.func('void cmn_live_set(void *cmn, const float *mean)') as (cmn: Pointer, mean: CepstralMean) => void,
    getMean: base.func('void cmn_live_get(void *cmn, _Out_ float *mean)') as (cmn: Pointer, mean: CepstralMean) => void,
    definitions: sphinx.func('void *ps_args()') as () => Pointer,
    init: sphinx.func('void *ps_init(void *config)') as (config: Pointer) => Pointer | null,
    free: sphinx.func('int ps_free(void *decoder)') as (decoder: Pointer) => number,
    startUtterance: sphinx.func('int ps_start_utt(void *decoder)') as (decoder: Pointer) => number,
    endUtterance: sphinx.func('int ps_end_utt(void *decoder)') as (decoder: Pointer) => number,
    process: sphinx.func('int ps_process_raw(void *decoder, const int16_t *pcm, size_t samples, int noSearch, int wholeUtterance)') as (
      decoder: Pointer,
      pcm: Int16Array,
      samples: number,
      noSearch: 0 | 1,
      wholeUtterance: 0 | 1,
    ) => number,
    hypothesis: sphinx.func('str ps_get_hyp(void *decoder, void *score)') as (decoder: Pointer, score: null) => string | null,
    posterior: sphinx.func('int ps_get_prob(void *decoder)') as (decoder: Pointer) => number,
    logmath: sphinx.func('void *ps_get_logmath(void *decoder)') as (decoder: Pointer) => Pointer,
    features: sphinx.func('void *ps_get_feat(void *decoder)') as (decoder: Pointer) => Pointer,
  };
}

type Bindings = ReturnType<typeof bind>;

/** PocketSphinx in the calling thread. Its calls block: open it only in a worker thread. */
export class PocketSphinx {
  readonly #bindings: Bindings;
  readonly #modelDir: string;

  constructor(libraryDir: string, modelDir: string) {
    this.#bindings = bind(libraryDir);
    this.#modelDir = modelDir;
    this.#bindings.silenceLog(null); // the log is one per thread
  }

  /** Throws when the model or the dictionary cannot be read. Takes 20–50 ms and 8–20 MB for a cut dictionary. */
  createDecoder(files: LanguageModelFiles): Decoder {
    const settings = { ...SETTINGS, '-hmm': join(this.#modelDir, 'en-us'), '-lm': files.arpaPath, '-dict': files.dictionaryPath };
    const pairs = Object.entries(settings).flatMap((pair) => pair.flatMap((text) => ['str', text]));
    const config = this.#bindings.parse(null, this.#bindings.definitions(), 1, ...pairs, 'str', null);
    if (config === null) throw new Error('PocketSphinx refused its settings');
    const decoder = this.#bindings.init(config);
    this.#bindings.freeConfig(config); // the decoder keeps its own reference
    if (decoder === null) throw new Error(`PocketSphinx could not load the language model ${files.arpaPath}`);
    return new Decoder(this.#bindings, decoder);
  }
}

/** One recognition at a time. A decoder keeps nothing from one utterance to the next but what `start` is given. */
export class Decoder {
  readonly #bindings: Bindings;
  readonly #decoder: Pointer;
  readonly #cmn: Pointer;

  constructor(bindings: Bindings, decoder: Pointer) {
    this.#bindings = bindings;
    this.#decoder = decoder;
    this.#cmn = koffi.decode(bindings.features(decoder), CMN_OFFSET_BYTES, 'void *') as Pointer;
  }

  start(mean: CepstralMean | undefined): void {
    this.#bindings.setMean(this.#cmn, mean ?? TYPICAL_MEAN);
    this.#check(this.#bindings.startUtterance(this.#decoder), 'start an utterance');
  }

  process(pcm: Int16Array): void {
    this.#check(this.#bindings.process(this.#decoder, pcm, pcm.length, 0, 0), 'process audio');
  }

  /** The best text so far, which later audio may still change. */
  partialText(): string {
    return this.#bindings.hypothesis(this.#decoder, null) ?? '';
  }

  finish(): Recognition {
    this.#check(this.#bindings.endUtterance(this.#decoder), 'end an utterance');
    const text = this.partialText();
    if (text === '') return { text, confidence: 0 };
    const posterior = this.#bindings.exp(this.#bindings.logmath(this.#decoder), this.#bindings.posterior(this.#decoder));
    return { text, confidence: Math.min(1, Math.max(0, posterior)) };
  }

  /** After `finish`: what to give to `start` for the same speaker's next utterance. */
  mean(): CepstralMean {
    const mean = new Float32Array(TYPICAL_MEAN.length);
    this.#bindings.getMean(this.#cmn, mean);
    return mean;
  }

  free(): void {
    this.#bindings.free(this.#decoder);
  }

  #check(result: number, what: string): void {
    if (result < 0) throw new Error(`PocketSphinx could not ${what}`);
  }
}

const SETTINGS: Readonly<Record<string, string>> = {};
