import koffi from 'koffi';
import { openLibrary, type Pointer } from './native-library.js';

export type FliteVoice = 'rms' | 'slt' | 'awb' | 'kal16';

export const FLITE_VOICES: readonly FliteVoice[] = ['rms', 'slt', 'awb', 'kal16'];

/** What the whole simulator speaks and hears: 16-bit mono at this rate. */
export const SAMPLE_RATE_HZ = 16_000;

/** A word as it was written, and when it is spoken. */
export interface SpokenWord {
  text: string;
  beginMs: number;
  endMs: number;
}

export interface Spoken {
  pcm: Int16Array<ArrayBuffer>;
  words: SpokenWord[];
}

interface Wave {
  sampleRate: number;
  sampleCount: number;
  samples: Pointer;
}

const WaveStruct = koffi.struct({
  type: 'void *',
  sampleRate: 'int',
  sampleCount: 'int',
  channels: 'int',
  samples: 'void *',
});

function bind(libraryDir: string) {
  const flite = openLibrary(libraryDir, 'libflite.so.1');
  const lexicon = openLibrary(libraryDir, 'libflite_cmulex.so.1');
  return {
    init: flite.func('int flite_init()') as () => number,
    speak: flite.func('void *flite_synth_text(str text, void *voice)') as (text: string, voice: Pointer) => Pointer | null,
    waveOf: flite.func('void *utt_wave(void *utterance)') as (utterance: Pointer) => Pointer,
    relation: flite.func('void *utt_relation(void *utterance, str name)') as (utterance: Pointer, name: string) => Pointer,
    first: flite.func('void *relation_head(void *relation)') as (relation: Pointer) => Pointer | null,
    next: flite.func('void *item_next(void *item)') as (item: Pointer) => Pointer | null,
    textOf: flite.func('str item_feat_string(void *item, str name)') as (item: Pointer, name: string) => string,
    secondsOf: flite.func('float ffeature_float(void *item, str path)') as (item: Pointer, path: string) => number,
    free: flite.func('void delete_utterance(void *utterance)') as (utterance: Pointer) => void,
    setFloat: flite.func('void flite_feat_set_float(void *features, void *name, float value)') as (
      features: Pointer,
      name: Pointer,
      value: number,
    ) => void,
    resample: flite.func('void cst_wave_resample(void *wave, int rateHz)') as (wave: Pointer, rateHz: number) => void,
    openLexicon: lexicon.func('void *cmu_lex_init()') as () => Pointer,
    lookUp: flite.func('void *lex_lookup(void *lexicon, str word, void *partOfSpeech, void *features)') as (
      lexicon: Pointer,
      word: string,
      partOfSpeech: null,
      features: null,
    ) => Pointer | null,
    head: flite.func('void *val_car(void *list)') as (list: Pointer) => Pointer,
    tail: flite.func('void *val_cdr(void *list)') as (list: Pointer) => Pointer | null,
    text: flite.func('str val_string(void *value)') as (value: Pointer) => string,
    freeList: flite.func('void delete_val(void *list)') as (list: Pointer) => void,
  };
}

/** From a written word over the words that it is read as, their syllables and those's sounds to where the first one begins and the last one ends. */
const BEGIN = 'daughter1.R:SylStructure.daughter1.daughter1.R:Segment.p.end';
const END = 'daughtern.R:SylStructure.daughtern.daughtern.R:Segment.end';
const MS_PER_S = 1000;

/** Flite in the calling thread. Speaking blocks for some 70 ms a sentence: open it only in a worker thread. */
export class Flite {
  readonly #bindings: ReturnType<typeof bind>;
  readonly #libraryDir: string;
  readonly #voices = new Map<FliteVoice, Pointer>();
  readonly #lexicon: Pointer;
  readonly #durationStretch: Pointer;

  constructor(libraryDir: string) {
    this.#bindings = bind(libraryDir);
    this.#libraryDir = libraryDir;
    this.#bindings.init();
    this.#lexicon = this.#bindings.openLexicon();
    this.#durationStretch = permanentText('duration_stretch');
  }

  /** `rate` 1 is the voice's own speed, 0.9 a little slower. */
  speak(text: string, voice: FliteVoice, rate: number): Spoken {
    const pointer = this.#voice(voice);
    this.#bindings.setFloat(this.#featuresOf(pointer), this.#durationStretch, 1 / rate);
    const utterance = this.#bindings.speak(text, pointer);
    if (utterance === null) throw new Error(`Flite could not speak with the voice ${voice}`);
    try {
      return { pcm: this.#audioOf(this.#bindings.waveOf(utterance)), words: this.#wordsOf(utterance) };
    } finally {
      this.#bindings.free(utterance);
    }
  }

  /** The phones that Flite speaks for a word, from its lexicon or by its letter-to-sound rules, such as `s ae1 r ax0`. */
  phonesOf(word: string): string[] {
    const phones: string[] = [];
    const list = this.#bindings.lookUp(this.#lexicon, word, null, null);
    if (list === null) return phones;
    for (let at: Pointer | null = list; at !== null; at = this.#bindings.tail(at))
      phones.push(this.#bindings.text(this.#bindings.head(at)));
    this.#bindings.freeList(list);
    return phones;
  }

  #audioOf(wave: Pointer): Int16Array<ArrayBuffer> {
    if (this.#read(wave).sampleRate !== SAMPLE_RATE_HZ) this.#bindings.resample(wave, SAMPLE_RATE_HZ);
    const { samples, sampleCount } = this.#read(wave);
    return new Int16Array(koffi.view(samples, sampleCount * 2)).slice(); // a copy: the view ends with the wave
  }

  #wordsOf(utterance: Pointer): SpokenWord[] {
    const { relation, first, next, textOf, secondsOf } = this.#bindings;
    const words: SpokenWord[] = [];
    for (let token = first(relation(utterance, 'Token')); token !== null; token = next(token)) {
      const word = { text: textOf(token, 'name'), beginMs: secondsOf(token, BEGIN) * MS_PER_S, endMs: secondsOf(token, END) * MS_PER_S };
      if (word.endMs > word.beginMs) words.push(word); // what is not read has no time
    }
    return words;
  }

  #voice(name: FliteVoice): Pointer {
    const known = this.#voices.get(name);
    if (known !== undefined) return known;
    const library = openLibrary(this.#libraryDir, `libflite_cmu_us_${name}.so.1`);
    const register = library.func(`void *register_cmu_us_${name}(void *directory)`) as (directory: null) => Pointer;
    const voice = register(null);
    this.#voices.set(name, voice);
    return voice;
  }

  /** `struct cst_voice_struct { const char *name; cst_features *features; … }` */
  #featuresOf(voice: Pointer): Pointer {
    return koffi.decode(voice, koffi.sizeof('void *'), 'void *') as Pointer;
  }

  #read(wave: Pointer): Wave {
    return koffi.decode(wave, WaveStruct) as Wave;
  }
}

/** Flite keeps the address of a feature's name, not a copy of it, so the name must stay where it is. */
function permanentText(text: string): Pointer {
  const address = koffi.alloc('char', text.length + 1) as Pointer;
  koffi.encode(address, 'char', `${text}\0`, text.length + 1);
  return address;
}
