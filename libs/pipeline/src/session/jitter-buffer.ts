import type { Ms } from '../ports.js';
import { concealGap } from './conceal-gap.js';

const FRAME_MS: Ms = 20;
/** The most that a frame is kept back, and the most that it may be late without being counted so. */
export const JITTER_MS: Ms = 50;
/** How much less than a frame a step in the carrier's clock may be to still stand for one: stamps are rounded to milliseconds. */
const STAMP_SLACK_MS: Ms = 2;
/** What is missing of a longer gap is not filled: nobody waits for the rest of a word any more. */
const LONGEST_GAP_MS: Ms = 1_000;
/** A longer step is no loss: the carrier set its clock. */
const LONGEST_LOSS_MS: Ms = 60_000;
/** Share by which what counts as in time follows what is, per frame: clocks drift, and a line may become slower for good. */
const FOLLOW = 0.01;

/** What became of the frames of one line. */
export interface LineCounts {
  /** Came more than 50 ms after their time, or were sent after it. */
  framesLate: number;
  /** Never came, by the carrier's own clock. */
  framesLost: number;
  /** Were put in the place of lost ones: of all gaps but those longer than a second. */
  framesConcealed: number;
  /** Came twice, and were dropped once. */
  framesDuplicated: number;
}

interface HeldFrame {
  pcm: Int16Array;
  sentAt: Ms;
}

/**
 * Brings inbound frames into the rhythm in which they were spoken: one for each 20 ms, in order, none missing, none twice.
 *
 * The media socket is a TCP stream: frames neither overtake each other nor are lost on it. What occurs is this. **A stall and then a burst**: all of it is passed
 * on at once, late, since voice detection and recognition take audio as fast as it comes, and pacing it would only make the answer later. **A gap in the
 * carrier's stamps**: it lost audio before the socket, or dropped it because we did not read; the gap is filled, or pauses would look shorter and words run
 * together. **A frame that comes twice**. A carrier that stamps what it sends rather than what it heard shows a stall of its own as a gap, and catches up in the
 * next instant: so the frame behind a gap is held until the next one tells, 50 ms at most. Frames in order are never held.
 */
export class JitterBuffer {
  readonly counts: LineCounts = { framesLate: 0, framesLost: 0, framesConcealed: 0, framesDuplicated: 0 };
  /** When what is held must go on at the latest: {@link release} is to be called then. Null while nothing is held. */
  holdUntil: Ms | null = null;
  private held: HeldFrame[] = [];
  private heldMs: Ms = 0;
  /** By how much the stamp of the newest held frame is ahead of the audio. */
  private heldLead: Ms = 0;
  /** Audio that was passed on. */
  private mediaMs: Ms = 0;
  /** Stamp and arrival of the start of the audio, as the quickest frames of late have it. */
  private sentBase: Ms = NaN;
  private arrivalBase: Ms = NaN;
  private last: Int16Array = new Int16Array(0);
  private lastSentAt: Ms | null = null;

  constructor(
    private readonly sampleRate: number,
    private readonly sink: (pcm: Int16Array) => void,
  ) {}

  /** `sentAt`: the carrier's time of the frame, null where it tells none. The buffer keeps `pcm` until the next frame. */
  push(pcm: Int16Array, sentAt: Ms | null, now: Ms): void {
    if (sentAt !== null && this.isDuplicate(pcm, sentAt)) {
      this.counts.framesDuplicated += 1;
      return;
    }
    this.lastSentAt = sentAt;
    const lead = sentAt === null ? 0 : this.leadOf(sentAt);
    this.noteArrival(now - lead, sentAt !== null);
    if (sentAt === null || lostFrames(lead) === 0) this.passOn(pcm);
    else if (this.held.length > 0 && lead > this.heldLead - FRAME_MS / 2) this.fillGap({ pcm, sentAt }, lead, now);
    else this.hold({ pcm, sentAt }, lead, now);
    if (this.holdUntil !== null && now >= this.holdUntil) this.release();
  }

  /** Nothing has told what the gap was: it counts as one. */
  release(): void {
    if (this.held.length > 0) this.conceal(lostFrames(this.heldLead));
    this.passHeldOn();
  }

  /** Silence is never taken for a repetition: a carrier that catches up may stamp several frames of it alike. */
  private isDuplicate(pcm: Int16Array, sentAt: Ms): boolean {
    if (sentAt !== this.lastSentAt) return false;
    const before = this.held.at(-1)?.pcm ?? this.last;
    if (before.length !== pcm.length) return false;
    let sound = 0;
    for (let index = 0; index < pcm.length; index += 1) {
      if (pcm[index] !== before[index]) return false;
      sound |= pcm[index] ?? 0;
    }
    return sound !== 0;
  }

  /** `now` without what the frame was sent late. */
  private noteArrival(now: Ms, stamped: boolean): void {
    const start = now - this.mediaMs - this.heldMs;
    const lateMs = start - this.arrivalBase;
    // without stamps a gap and a stall look alike: what never catches up was a gap
    if (!(lateMs >= 0) || (lateMs > LONGEST_GAP_MS && !stamped)) this.arrivalBase = start;
    else {
      if (lateMs > JITTER_MS) this.counts.framesLate += 1;
      this.arrivalBase += lateMs * FOLLOW;
    }
  }

  /** By how much the carrier's clock has gone on further than its audio. */
  private leadOf(sentAt: Ms): Ms {
    const start = sentAt - this.mediaMs - this.heldMs;
    const lead = start - this.sentBase;
    if (lead >= 0 && lead <= LONGEST_GAP_MS) {
      if (lostFrames(lead) === 0) this.sentBase += lead * FOLLOW;
      return lead;
    }
    this.sentBase = start;
    if (lead > LONGEST_GAP_MS) this.arrivalBase = NaN;
    if (lead > LONGEST_GAP_MS && lead <= LONGEST_LOSS_MS) this.counts.framesLost += lostFrames(lead);
    return 0;
  }

  private hold(frame: HeldFrame, lead: Ms, now: Ms): void {
    this.holdUntil ??= now + JITTER_MS;
    this.held.push(frame);
    this.heldMs += this.durationMs(frame.pcm);
    this.heldLead = lead;
  }

  /** The gap was one: the next frame is as far ahead as the one before it, or further, when there is another gap between them. */
  private fillGap(next: HeldFrame, lead: Ms, now: Ms): void {
    const lost = lostFrames(Math.min(lead, this.heldLead));
    this.conceal(lost);
    this.passHeldOn();
    const leadNow = lead - lost * FRAME_MS;
    if (lostFrames(leadNow) > 0) this.hold(next, leadNow, now);
    else this.take(next.pcm);
  }

  private conceal(frames: number): void {
    const { last, sampleRate } = this;
    this.counts.framesLost += frames;
    this.counts.framesConcealed += frames;
    this.mediaMs += frames * FRAME_MS;
    for (let index = 0; index < frames; index += 1) this.sink(concealGap(last, index, (FRAME_MS * sampleRate) / 1000, sampleRate));
  }

  /** What was held before it was sent late: the carrier has caught up. */
  private passOn(pcm: Int16Array): void {
    if (this.held.length > 0) {
      this.counts.framesLate += this.held.length;
      this.passHeldOn();
    }
    this.take(pcm);
  }

  private passHeldOn(): void {
    const { held } = this;
    this.held = [];
    this.heldMs = 0;
    this.holdUntil = null;
    for (const { pcm } of held) this.take(pcm);
  }

  private take(pcm: Int16Array): void {
    this.mediaMs += this.durationMs(pcm);
    this.last = pcm;
    this.sink(pcm);
  }

  private durationMs(pcm: Int16Array): Ms {
    return (pcm.length * 1000) / this.sampleRate;
  }
}

const lostFrames = (lead: Ms): number => Math.floor((lead + STAMP_SLACK_MS) / FRAME_MS);
