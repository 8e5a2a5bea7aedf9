import type { Clock, MediaTransport, Ms, TimerHandle, WordMark } from '../ports.js';
import type { HeardPosition } from '../turn/events.js';
import { leadingSilence } from './leading-silence.js';
import { quietestFrame } from './quietest-frame.js';
import { shareSaid, wordStart, type SpokenText } from './spoken-words.js';

export const FRAME_MS = 20;

/** How far the sent audio may run ahead of the ear: enough for a slow moment of ours, little enough to stop within a word. */
const LEAD_MS = 300;

/** A top-up sends what is due since the last one: one timer per speaking call, not one per frame. */
const TOP_UP_MS = 40;

/** A guess at the beginning of a word may be off by so much; where the voice is quietest around it, the word begins more likely. */
const GUESS_REACH_MS = 150;

/** Roughly how long a character takes to say: only for phrases whose audio is not complete when they are cut. */
const MS_PER_CHARACTER = 65;

export interface PlayoutListener {
  started(gen: number, phrase: number): void;
  played(gen: number, phrase: number): void;
  /** A frame is on its way and will be heard from `heardAt` on. */
  sent?(frame: Int16Array, heardAt: Ms): void;
}

/** The audio of one phrase on its way out. Frames are views into the chunks that synthesis delivered, wherever they fit. */
interface Segment {
  gen: number;
  phrase: number;
  text: string;
  /** When its words are said, as far as that was told. */
  words: readonly WordMark[];
  /** All of its audio, since a pause may have it said again. */
  chunks: Int16Array[];
  /** The first chunk that was not sent to its end, and how many samples of it were sent. */
  chunk: number;
  offset: number;
  unsent: number;
  received: number;
  trimmed: number;
  trimming: boolean;
  /** It was held back: that it ran dry is no fault of synthesis. */
  halted: boolean;
  sentMs: Ms;
  done: boolean;
  /** When its last frame will have been heard; known once all was sent. */
  heardAt: Ms | null;
}

/**
 * The playout clock: sends audio a fixed lead ahead and models what was heard from what was sent, since the carrier does not tell. Audio
 * arrives in phrases, in order; each frame belongs to exactly one of them.
 */
export class Playout {
  private segments: Segment[] = [];
  /** When all that was sent will have been heard. */
  private heardUpTo: Ms = -Infinity;
  /** Generations of which nothing is sent for now. */
  private readonly held = new Set<number>();
  private timer: TimerHandle | null = null;
  private timerAt: Ms = Infinity;
  private readonly frameSamples: number;
  framesSent = 0;
  /** Times that a phrase ran dry in its middle. */
  underruns = 0;

  constructor(
    private readonly clock: Clock,
    private readonly media: MediaTransport,
    private readonly listener: PlayoutListener,
    private readonly onError: (error: unknown) => void,
  ) {
    this.frameSamples = (media.sampleRate * FRAME_MS) / 1000;
  }

  /** Announces a phrase, before its audio. */
  open(gen: number, phrase: number, text: string): void {
    const fresh = {
      words: [],
      chunks: [],
      chunk: 0,
      offset: 0,
      unsent: 0,
      received: 0,
      trimmed: 0,
      trimming: true,
      halted: false,
      sentMs: 0,
      done: false,
      heardAt: null,
    };
    this.segments.push({ gen, phrase, text, ...fresh });
  }

  audio(gen: number, phrase: number, pcm: Int16Array): void {
    const segment = this.find(gen, phrase);
    if (segment === undefined || segment.done) return;
    const audible = segment.trimming ? this.trim(segment, pcm) : pcm;
    if (audible.length === 0) return;
    segment.chunks.push(audible);
    segment.unsent += audible.length;
    segment.received += audible.length;
    this.pump();
  }

  /** All that is known of its words; more may be added to it later. */
  words(gen: number, phrase: number, marks: readonly WordMark[]): void {
    const segment = this.find(gen, phrase);
    if (segment !== undefined) segment.words = marks;
  }

  /** All audio of a phrase is here. */
  done(gen: number, phrase: number): void {
    const segment = this.find(gen, phrase);
    if (segment === undefined) return;
    segment.done = true;
    this.pump();
  }

  /** A phrase that will have no audio. */
  skip(gen: number, phrase: number): void {
    this.segments = this.segments.filter((segment) => segment.gen !== gen || segment.phrase !== phrase);
    this.pump();
  }

  /** Share of a phrase that there is audio for, as far as one can tell while it is not complete. More than 0 where there is any. */
  renderedShare(gen: number, phrase: number): number {
    const segment = this.find(gen, phrase);
    return segment === undefined || segment.received === 0 ? 0 : Math.max(Number.EPSILON, this.share(segment, this.receivedMs(segment)));
  }

  /** Up to where a generation has been heard by now; null when nothing of it was sent or all of it was heard and reported. */
  position(gen: number): HeardPosition | null {
    const reached = this.reached(gen);
    if (reached === null) return null;
    const { segment, heardMs } = reached;
    return { gen, phrase: segment.phrase, share: this.share(segment, heardMs) };
  }

  private reached(gen: number): { segment: Segment; heardMs: Ms } | null {
    let unheardMs = Math.max(0, this.heardUpTo - this.clock.now());
    for (let index = this.segments.length - 1; index >= 0; index -= 1) {
      const segment = this.segments[index];
      if (segment === undefined || segment.sentMs === 0) continue;
      const heardMs = segment.sentMs - unheardMs;
      if (heardMs > 0 || index === 0) return segment.gen === gen ? { segment, heardMs: Math.max(0, heardMs) } : null;
      unheardMs -= segment.sentMs;
    }
    return null;
  }

  /** Stops at once: what the carrier has not played is dropped there, what was not sent is dropped here. */
  cut(gen: number): HeardPosition | null {
    const position = this.position(gen);
    this.media.clear();
    this.heardUpTo = Math.min(this.heardUpTo, this.clock.now());
    this.drop(gen);
    return position;
  }

  /** Sends nothing of a generation until it is released; what is on its way is still heard. */
  hold(gen: number): void {
    this.held.add(gen);
    for (const segment of this.segments) if (segment.gen === gen) segment.halted = true;
  }

  release(gen: number): void {
    if (this.held.delete(gen)) this.pump();
  }

  /**
   * Stops at once and keeps the audio: when released, it goes on from the beginning of the word in which it was stopped. Null when nothing of
   * the generation was on its way.
   */
  pause(gen: number): HeardPosition | null {
    this.held.add(gen);
    const reached = this.reached(gen);
    if (reached === null) return null;
    const { phrase } = reached.segment;
    const share = this.share(reached.segment, reached.heardMs);
    this.media.clear();
    this.heardUpTo = Math.min(this.heardUpTo, this.clock.now());
    for (const segment of this.segments) {
      if (segment.gen !== gen || segment.phrase < phrase) continue;
      this.rewind(segment, segment === reached.segment ? this.wordFrame(segment, reached.heardMs) : 0);
    }
    this.schedule();
    return { gen, phrase, share };
  }

  /** Forgets a generation; from now on no frame of it is sent. */
  drop(gen: number): void {
    this.held.delete(gen);
    this.segments = this.segments.filter((segment) => segment.gen !== gen);
    this.schedule();
  }

  close(): void {
    this.segments = [];
    this.held.clear();
    this.disarm();
  }

  private find(gen: number, phrase: number): Segment | undefined {
    return this.segments.find((segment) => segment.gen === gen && segment.phrase === phrase);
  }

  private trim(segment: Segment, pcm: Int16Array): Int16Array {
    const cut = leadingSilence(pcm, this.media.sampleRate, segment.trimmed);
    segment.trimmed += cut.samples;
    segment.trimming = !cut.over;
    return pcm.subarray(cut.samples);
  }

  /** Sends what is due and reports what was heard. A listener may cut or close meanwhile, so the next segment is looked up for each frame. */
  private pump(): void {
    this.reportHeard();
    for (let segment = this.unsent(); segment !== undefined; segment = this.unsent()) {
      if (segment.done && segment.unsent === 0) segment.heardAt = this.heardUpTo;
      else if (this.sendable(segment) && this.heardUpTo - this.clock.now() < LEAD_MS) this.sendFrame(segment);
      else break;
    }
    this.reportHeard();
    this.schedule();
  }

  /** The first segment that was not sent to its end. */
  private unsent(): Segment | undefined {
    return this.segments.find((segment) => segment.heardAt === null);
  }

  private sendable(segment: Segment): boolean {
    if (this.held.has(segment.gen)) return false;
    return segment.unsent >= this.frameSamples || (segment.done && segment.unsent > 0);
  }

  private sendFrame(segment: Segment): void {
    const now = this.clock.now();
    if (this.heardUpTo < now) {
      if (segment.sentMs > 0 && !segment.halted) this.underruns += 1;
      this.heardUpTo = now;
    }
    segment.halted = false;
    const frame = this.takeFrame(segment);
    this.media.send(frame);
    this.listener.sent?.(frame, this.heardUpTo);
    this.framesSent += 1;
    this.heardUpTo += FRAME_MS;
    segment.sentMs += FRAME_MS;
    if (segment.sentMs === FRAME_MS) this.listener.started(segment.gen, segment.phrase);
  }

  /** The next frame: a view where one chunk holds it, else a copy, filled up with silence at the end of a phrase. */
  private takeFrame(segment: Segment): Int16Array {
    const size = this.frameSamples;
    const chunk = segment.chunks[segment.chunk];
    if (chunk !== undefined && chunk.length - segment.offset >= size) {
      const view = chunk.subarray(segment.offset, segment.offset + size);
      this.advance(segment, size);
      return view;
    }
    const frame = new Int16Array(size);
    let filled = 0;
    for (let next = segment.chunks[segment.chunk]; next !== undefined && filled < size; next = segment.chunks[segment.chunk]) {
      const part = next.subarray(segment.offset, segment.offset + size - filled);
      frame.set(part, filled);
      filled += part.length;
      this.advance(segment, part.length);
    }
    return frame;
  }

  private advance(segment: Segment, samples: number): void {
    segment.offset += samples;
    segment.unsent -= samples;
    if (segment.offset < (segment.chunks[segment.chunk]?.length ?? 0)) return;
    segment.chunk += 1;
    segment.offset = 0;
  }

  private reportHeard(): void {
    const now = this.clock.now();
    for (let first = this.segments[0]; first !== undefined && first.heardAt !== null && first.heardAt <= now; first = this.segments[0]) {
      this.segments.shift();
      this.listener.played(first.gen, first.phrase);
    }
  }

  private schedule(): void {
    const at = this.nextAt();
    if (at === Infinity) return this.disarm();
    if (this.timer !== null && this.timerAt <= at) return;
    this.disarm();
    this.timerAt = at;
    this.timer = this.clock.setTimer(at, this.onTimer);
  }

  private nextAt(): Ms {
    const heardAt = this.segments[0]?.heardAt ?? Infinity;
    const open = this.unsent();
    const sendAt = open !== undefined && this.sendable(open) ? this.heardUpTo - LEAD_MS + TOP_UP_MS : Infinity;
    return Math.min(heardAt, sendAt);
  }

  private readonly onTimer = (): void => {
    this.timer = null;
    this.timerAt = Infinity;
    try {
      this.pump();
    } catch (error) {
      this.onError(error);
    }
  };

  private disarm(): void {
    this.timer?.cancel();
    this.timer = null;
    this.timerAt = Infinity;
  }

  /** Of the text, when so much of the audio is heard. */
  private share(segment: Segment, heardMs: Ms): number {
    const spoken = this.spokenText(segment);
    return segment.done && spoken.beginMs + heardMs >= spoken.endMs ? 1 : shareSaid(spoken, spoken.beginMs + heardMs);
  }

  /** Words are told by the audio as it was delivered: with the silence at its head. */
  private spokenText(segment: Segment): SpokenText {
    const beginMs = (segment.trimmed * 1000) / this.media.sampleRate;
    return { text: segment.text, words: segment.words, beginMs, endMs: beginMs + this.durationMs(segment) };
  }

  private receivedMs(segment: Segment): Ms {
    return (segment.received * 1000) / this.media.sampleRate;
  }

  /** The frame in which the word begins at which the phrase was stopped: what was said of that word is said again. */
  private wordFrame(segment: Segment, heardMs: Ms): number {
    const spoken = this.spokenText(segment);
    const { atMs, guess } = wordStart(spoken, spoken.beginMs + heardMs);
    const frame = Math.max(0, Math.floor((atMs - spoken.beginMs) / FRAME_MS));
    if (guess === null) return frame;
    const first = Math.ceil(Math.max(0, guess.fromMs - spoken.beginMs, atMs - spoken.beginMs - GUESS_REACH_MS) / FRAME_MS);
    const last = Math.floor(Math.min(heardMs, atMs - spoken.beginMs + GUESS_REACH_MS) / FRAME_MS);
    return last < first ? frame : quietestFrame(segment.chunks, this.frameSamples, { from: first, to: last, near: frame });
  }

  private durationMs(segment: Segment): Ms {
    const receivedMs = this.receivedMs(segment);
    return Math.max(1, segment.done ? receivedMs : Math.max(receivedMs, segment.text.length * MS_PER_CHARACTER));
  }

  /** Makes all frames from one on unsent again; the last may be filled up with silence, and is said again. */
  private rewind(segment: Segment, toFrame: number): void {
    const frames = Math.min(toFrame, segment.sentMs / FRAME_MS, Math.floor(segment.received / this.frameSamples));
    const sent = frames * this.frameSamples;
    segment.chunk = 0;
    segment.offset = sent;
    for (let chunk = segment.chunks[0]; chunk !== undefined && segment.offset >= chunk.length; chunk = segment.chunks[segment.chunk]) {
      segment.offset -= chunk.length;
      segment.chunk += 1;
    }
    segment.unsent = segment.received - sent;
    segment.sentMs = frames * FRAME_MS;
    segment.heardAt = null;
    segment.halted = true;
  }
}
