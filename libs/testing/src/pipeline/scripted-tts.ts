import type { Clock, Ms, TtsListener, TtsProvider, TtsRequest, WordMark } from '@carillon/pipeline';

/** Audio per chunk, and the pace: four times as fast as it is spoken, as services do. */
const CHUNK_MS = 200;
const CHUNK_EVERY_MS = 50;

export type TtsFault = 'fails' | 'breaks-off' | 'hangs' | 'empty';

export interface ScriptedTtsOptions {
  clock: Clock;
  /** Time to the first chunk. */
  ttfbMs?: Ms | undefined;
  msPerCharacter?: Ms | undefined;
  /** How long each word takes, instead of that; then the voice tells when each is said. */
  wordMs?: ((word: string) => Ms) | undefined;
  leadingSilenceMs?: Ms | undefined;
  /** Value of every sample, which tells whose voice it is; a function gets the ordinal of the utterance. */
  level?: number | ((ordinal: number) => number) | undefined;
  /** What goes wrong with an utterance; counts every try. */
  faults?: readonly (TtsFault | null)[] | undefined;
}

/** A voice that says everything on one note, for as long as its text is. */
export class ScriptedTts implements TtsProvider {
  readonly spoken: { text: string; at: Ms; request: TtsRequest }[] = [];
  cancelled = 0;
  private readonly chunks = new Map<string, Int16Array>();

  constructor(private readonly options: ScriptedTtsOptions) {}

  speak(request: TtsRequest, listener: TtsListener): { cancel(): void } {
    const { clock, ttfbMs = 150, faults = [] } = this.options;
    const ordinal = this.spoken.length;
    this.spoken.push({ text: request.text, at: clock.now(), request });
    const pieces = this.piecesOf(request, ordinal);
    const marks = this.marksOf(request.text);
    const fault = faults[ordinal] ?? null;
    let cancelled = false;
    const step = (): void => {
      if (fault === 'fails') return listener.failed(new Error('scripted synthesis failure'));
      if (fault === 'empty') return listener.done();
      const piece = pieces.shift();
      if (piece === undefined) return listener.done();
      if (marks.length > 0) listener.words?.(marks.splice(0));
      listener.audio(piece);
      if (cancelled) return; // by what this piece brought about
      if (fault === 'breaks-off') return listener.failed(new Error('scripted synthesis failure'));
      timer = clock.setTimer(clock.now() + (pieces.length === 0 ? 0 : CHUNK_EVERY_MS), step);
    };
    let timer = clock.setTimer(fault === 'hangs' ? Infinity : clock.now() + ttfbMs, step);
    return {
      cancel: () => {
        this.cancelled += 1;
        cancelled = true;
        timer.cancel();
      },
    };
  }

  close(): void {
    this.chunks.clear();
  }

  /** How long a text takes to say. */
  durationMs(text: string): Ms {
    const { leadingSilenceMs = 0, msPerCharacter = 60 } = this.options;
    const last = this.marksOf(text).at(-1);
    return last === undefined ? text.length * msPerCharacter : last.endMs - leadingSilenceMs;
  }

  private marksOf(text: string): WordMark[] {
    const { wordMs, leadingSilenceMs = 0 } = this.options;
    let endMs = leadingSilenceMs;
    return [...(wordMs === undefined ? [] : text.matchAll(/\S+/g))].map(({ index, 0: word }) => {
      const beginMs = endMs;
      endMs += wordMs?.(word) ?? 0;
      return { offset: index, length: word.length, beginMs, endMs };
    });
  }

  private piecesOf(request: TtsRequest, ordinal: number): Int16Array[] {
    const { leadingSilenceMs = 0, level = 4_000 } = this.options;
    const value = typeof level === 'function' ? level(ordinal) : level;
    const pieces = leadingSilenceMs > 0 ? [this.chunk(leadingSilenceMs, 0, request.sampleRate)] : [];
    for (let left = this.durationMs(request.text); left > 0; left -= CHUNK_MS) {
      pieces.push(this.chunk(Math.min(left, CHUNK_MS), value, request.sampleRate));
    }
    return pieces;
  }

  /** Chunks are shared: nobody writes to them. */
  private chunk(ms: Ms, value: number, sampleRate: number): Int16Array {
    const key = `${ms}/${value}/${sampleRate}`;
    const known = this.chunks.get(key) ?? new Int16Array(Math.round((ms * sampleRate) / 1000)).fill(value);
    this.chunks.set(key, known);
    return known;
  }
}
