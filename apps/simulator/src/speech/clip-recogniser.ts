import { createHash } from 'node:crypto';
import type { RecogniserSession } from '../engines/speech-engines.js';
import type { SpeechRecogniser } from './speech-recogniser.js';

interface Clip {
  pcm: Int16Array;
  text: string;
}

/** Where in a clip somebody is. */
interface Place {
  clip: Clip;
  at: number;
}

/** The first sample louder than this begins a clip: below it lie silence and rounding. */
const ONSET_AMPLITUDE = 200;

/** 100 ms after the onset find the clips that may be meant. */
const FINGERPRINT_SAMPLES = 1_600;

/** Beyond this the oldest make room: they were played long ago. At 3 s each, these are half a gigabyte. */
const MAX_CLIPS = 5_000;

/**
 * Does not recognise speech: it is told beforehand which text a clip of audio holds, and finds the clip again in what it hears, sample
 * by sample. For runs with more speakers than the machine can recognise. It needs the very samples that were said: no noise, no
 * resampling. Reports say `recogniser: "clips"`.
 */
export class ClipRecogniser implements SpeechRecogniser {
  readonly name = 'clips';
  readonly #clips = new Map<string, Clip[]>();
  readonly #order: { key: string; clip: Clip }[] = [];

  /** What `pcm`, 16 kHz mono, says. To be called before it is played. */
  register(pcm: Int16Array, text: string): void {
    const clip = { pcm: pcm.slice(onsetIn(pcm, 0), lastLoudIn(pcm) + 1), text };
    const key = fingerprint(clip.pcm, 0);
    if (key === undefined) return;
    const known = this.#clips.get(key) ?? [];
    if (known.some((other) => other.text === text && other.pcm.length === clip.pcm.length)) return;
    this.#clips.set(key, [...known, clip]);
    this.#order.push({ key, clip });
    if (this.#order.length > MAX_CLIPS) this.#forgetOldest();
  }

  open(onPartial: (text: string) => void): RecogniserSession {
    return new ClipSession((audio, from) => this.#find(audio, from), onPartial);
  }

  /** The clip with the longest match at the onset `from`. */
  #find(audio: Int16Array, from: number): Place | undefined {
    const key = fingerprint(audio, from);
    const places = (key === undefined ? [] : (this.#clips.get(key) ?? [])).map((clip) => ({
      clip,
      at: matching(audio, from, clip.pcm, 0),
    }));
    return places.sort((a, b) => b.at - a.at)[0];
  }

  #forgetOldest(): void {
    const oldest = this.#order.shift();
    if (!oldest) return;
    const left = (this.#clips.get(oldest.key) ?? []).filter((clip) => clip !== oldest.clip);
    if (left.length > 0) this.#clips.set(oldest.key, left);
    else this.#clips.delete(oldest.key);
  }
}

class ClipSession implements RecogniserSession {
  readonly #find: (audio: Int16Array, from: number) => Place | undefined;
  readonly #onPartial: (text: string) => void;
  #parts: Int16Array[] = [];
  #samples = 0;
  #toldAt = 0;
  /** A clip with a long pause in it is heard as two utterances: where the second goes on. */
  #unfinished: Place | undefined;

  constructor(find: (audio: Int16Array, from: number) => Place | undefined, onPartial: (text: string) => void) {
    this.#find = find;
    this.#onPartial = onPartial;
  }

  feed(pcm: Int16Array): void {
    this.#parts.push(pcm.slice());
    this.#samples += pcm.length;
    if (this.#samples - this.#toldAt < 4_000) return; // partial texts each 250 ms
    this.#toldAt = this.#samples;
    this.#onPartial(this.#read().text);
  }

  finish(): Promise<{ text: string; confidence: number }> {
    const { text, unfinished } = this.#read();
    this.#unfinished = unfinished;
    this.#forget();
    return Promise.resolve({ text, confidence: text === '' ? 0 : 1 });
  }

  close(): void {
    this.#forget();
  }

  #forget(): void {
    this.#parts = [];
    this.#samples = 0;
    this.#toldAt = 0;
  }

  /** Follows the audio clip by clip. */
  #read(): { text: string; unfinished: Place | undefined } {
    const audio = joined(this.#parts, this.#samples);
    const texts: string[] = [];
    let unfinished = this.#unfinished;
    for (let from = onsetIn(audio, 0); from < audio.length;) {
      const begun = unfinished && resumed(audio, from, unfinished);
      const place = begun ?? this.#find(audio, from);
      if (!place) break; // not a clip: nothing can be said about the rest
      texts.push(wordsBetween(place.clip, begun && unfinished ? unfinished.at : 0, place.at));
      from = onsetIn(audio, from + place.at - (begun ? begun.from : 0));
      unfinished = place.at < place.clip.pcm.length ? { clip: place.clip, at: place.at } : undefined;
    }
    return { text: texts.filter((text) => text !== '').join(' '), unfinished };
  }
}

/** The rest of a clip after a pause, found by its next onset. */
function resumed(audio: Int16Array, from: number, place: Place): (Place & { from: number }) | undefined {
  const onset = onsetIn(place.clip.pcm, place.at);
  const length = matching(audio, from, place.clip.pcm, onset);
  return length >= FINGERPRINT_SAMPLES ? { clip: place.clip, at: onset + length, from: onset } : undefined;
}

/** The words between two places, as if each letter took the same time. */
function wordsBetween(clip: Clip, begin: number, end: number): string {
  const words = clip.text.split(' ');
  const total = clip.text.length;
  let letters = 0;
  const said = words.filter((word) => {
    letters += word.length + 1;
    const wordEnd = (Math.min(letters, total) / total) * clip.pcm.length;
    return wordEnd > begin && wordEnd <= end;
  });
  return said.join(' ');
}

function onsetIn(pcm: Int16Array, from: number): number {
  const index = pcm.subarray(from).findIndex((sample) => Math.abs(sample) > ONSET_AMPLITUDE);
  return index < 0 ? pcm.length : from + index;
}

function lastLoudIn(pcm: Int16Array): number {
  return pcm.findLastIndex((sample) => Math.abs(sample) > ONSET_AMPLITUDE);
}

/** Equal samples of both from the two places on. */
function matching(audio: Int16Array, from: number, pcm: Int16Array, at: number): number {
  const longest = Math.min(audio.length - from, pcm.length - at);
  let length = 0;
  while (length < longest && audio[from + length] === pcm[at + length]) length++;
  return length;
}

function fingerprint(pcm: Int16Array, onset: number): string | undefined {
  if (onset + FINGERPRINT_SAMPLES > pcm.length) return undefined;
  return createHash('sha1')
    .update(pcm.subarray(onset, onset + FINGERPRINT_SAMPLES))
    .digest('base64');
}

function joined(parts: readonly Int16Array[], length: number): Int16Array {
  const audio = new Int16Array(length);
  let at = 0;
  for (const part of parts) {
    audio.set(part, at);
    at += part.length;
  }
  return audio;
}
