import koffi from 'koffi';
import { openLibrary, type Pointer } from './native-library.js';

export type FliteVoice = 'rms' | 'slt' | 'awb' | 'kal16';

export const FLITE_VOICES: readonly FliteVoice[] = ['rms', 'slt', 'awb', 'kal16'];

/** What the whole simulator speaks and hears: 16-bit mono at this rate. */
export const SAMPLE_RATE_HZ = 16_000;

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
    speak: flite.func('void *flite_text_to_wave(str text, void *voice)') as (text: string, voice: Pointer) => Pointer | null,
    setFloat: flite.func('void flite_feat_set_float(void *features, void *name, float value)') as (
      features: Pointer,
      name: Pointer,
      value: number,
    ) => void,
    resample: flite.func('void cst_wave_resample(void *wave, int rateHz)') as (wave: Pointer, rateHz: number) => void,
    freeWave: flite.func('void delete_wave(void *wave)') as (wave: Pointer) => void,
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
  speak(text: string, voice: FliteVoice, rate: number): Int16Array<ArrayBuffer> {
    const pointer = this.#voice(voice);
    this.#bindings.setFloat(this.#featuresOf(pointer), this.#durationStretch, 1 / rate);
    const wave = this.#bindings.speak(text, pointer);
    if (wave === null) throw new Error(`Flite could not speak with the voice ${voice}`);
    try {
      if (this.#read(wave).sampleRate !== SAMPLE_RATE_HZ) this.#bindings.resample(wave, SAMPLE_RATE_HZ);
      const { samples, sampleCount } = this.#read(wave);
      return new Int16Array(koffi.view(samples, sampleCount * 2)).slice(); // a copy: the view ends with the wave
    } finally {
      this.#bindings.freeWave(wave);
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
