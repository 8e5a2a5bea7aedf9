import type { EchoMeter, Ms } from '../ports.js';
import { Envelope, FLOOR, SLOT_MS } from './envelope.js';

/** From our playout clock over the carrier and the person's loudspeaker back to us. */
const LONGEST_ECHO_MS: Ms = 800;
/** What is compared: long enough to hold a few syllables. */
const WINDOW_SLOTS = 64;
const LAGS = LONGEST_ECHO_MS / SLOT_MS + 1;
/** How often the lag is looked for, while both lines are loud: it does not change within a call. */
const FRAMES_PER_SEARCH = 5;
/** Weight of a search among those before it: some seconds of speech make up the mind. Envelopes of two people are alike for shorter. */
const WEIGHT = 0.05;
/**
 * Mean correlation from which on there is an echo. With synthesised voices (Flite) that of an echo came to 0.85–0.95, also out of a room, that of two people who
 * talk at the same time for 20 s never to 0.7.
 */
const LOCK_AT = 0.7;
const UNLOCK_AT = 0.6;
/** Below, a window is too flat to be like anything. */
const MIN_VARIANCE = 1;
/** By how much the sound may be louder than the echo was so far: 6 dB. More is a person who speaks over it. */
const LOUDER = 2;
/** A room goes on sounding for so long. */
const TAIL_SLOTS = 6;
/** Who was louder than the echo is taken to speak for this long after it: people are softer between their syllables. */
const DOUBT_SLOTS = 25;
const SLOTS_PER_FRAME = 2;
const HEARD_RATE = 16_000;

/**
 * Tells our own words, when they come back, by how loud they are from moment to moment: the loudness of what comes in is held against that of what was played
 * at each possible delay. Slow to believe in an echo (about three seconds of it) and quick to doubt it: what is louder than the echo has been, or comes while
 * nothing of ours can, is a person. Costs nothing while we are silent.
 */
export class EnvelopeEchoMeter implements EchoMeter {
  private readonly out = new Envelope();
  private readonly in = new Envelope();
  private readonly likeness = new Float32Array(LAGS);
  private lag: number | null = null;
  /** Level of the echo over that of what it repeats. */
  private gain = 0;
  private inSlot = NaN;
  /** Slots of what came in that follow each other without a gap. */
  private inSlots = 0;
  private lastLoudOut = -Infinity;
  private doubtUntil = -Infinity;
  private untilSearch = FRAMES_PER_SEARCH;

  constructor(private readonly playedRate: 16000 | 24000) {}

  played(frame: Int16Array, at: Ms): void {
    const slot = Math.round(at / SLOT_MS);
    const slots = this.out.write(slot, frame, (this.playedRate * SLOT_MS) / 1000);
    for (let next = slot; next < slot + slots; next += 1) if (this.out.levelAt(next) > FLOOR) this.lastLoudOut = next;
  }

  heard(frame: Int16Array, at: Ms): number {
    const now = Math.round(at / SLOT_MS);
    if (now - this.lastLoudOut > LAGS + WINDOW_SLOTS) return this.fallSilent();
    this.take(frame, now);
    if (this.in.levelAt(this.inSlot) <= FLOOR) return 0;
    this.untilSearch -= 1;
    if (this.untilSearch <= 0 && this.inSlots >= WINDOW_SLOTS) this.search();
    return this.lag !== null && this.soundsLikeEcho(this.lag) ? Math.min(1, 0.5 + (this.likeness[this.lag] ?? 0) / 2) : 0;
  }

  private fallSilent(): number {
    this.inSlots = 0;
    return 0;
  }

  /** Frames follow each other, however unevenly they arrive; a real gap is one of more than some frames. */
  private take(frame: Int16Array, now: number): void {
    const next = this.inSlot + SLOTS_PER_FRAME;
    const follows = this.inSlots > 0 && Math.abs(next - now) <= 3 * SLOTS_PER_FRAME;
    this.inSlot = follows ? next : now;
    this.inSlots = follows ? this.inSlots + SLOTS_PER_FRAME : SLOTS_PER_FRAME;
    this.in.write(this.inSlot - SLOTS_PER_FRAME + 1, frame, (HEARD_RATE * SLOT_MS) / 1000);
  }

  private search(): void {
    this.untilSearch = FRAMES_PER_SEARCH;
    const { mean, variance } = this.momentsOf(this.in, this.inSlot);
    if (variance < MIN_VARIANCE) return;
    let best = 0;
    for (let lag = 0; lag < LAGS; lag += 1) {
      const before = this.likeness[lag] ?? 0;
      const likeness = before + WEIGHT * (this.correlation(lag, mean, variance) - before);
      this.likeness[lag] = likeness;
      if (likeness > (this.likeness[best] ?? 0)) best = lag;
    }
    const likeness = this.likeness[best] ?? 0;
    if (likeness >= LOCK_AT || (this.lag !== null && likeness >= UNLOCK_AT)) this.lockOn(best);
    else this.lag = null;
  }

  private lockOn(lag: number): void {
    let sum = 0;
    let slots = 0;
    for (let slot = this.inSlot - WINDOW_SLOTS + 1; slot <= this.inSlot; slot += 1) {
      const heard = this.in.levelAt(slot);
      const played = this.out.levelAt(slot - lag);
      if (heard <= FLOOR || played <= FLOOR) continue;
      sum += heard - played;
      slots += 1;
    }
    if (slots < WINDOW_SLOTS / 4) return;
    this.gain = this.lag === null ? sum / slots : this.gain + WEIGHT * (sum / slots - this.gain);
    this.lag = lag;
  }

  private soundsLikeEcho(lag: number): boolean {
    let loudest = FLOOR;
    for (let back = -1; back <= TAIL_SLOTS; back += 1) loudest = Math.max(loudest, this.out.levelAt(this.inSlot - lag - back));
    const heard = Math.max(this.in.levelAt(this.inSlot), this.in.levelAt(this.inSlot - 1));
    if (heard > Math.max(FLOOR, loudest + this.gain) + LOUDER) this.doubtUntil = this.inSlot + DOUBT_SLOTS;
    return loudest > FLOOR && this.inSlot >= this.doubtUntil;
  }

  private momentsOf(line: Envelope, until: number): { mean: number; variance: number } {
    let sum = 0;
    let squares = 0;
    for (let slot = until - WINDOW_SLOTS + 1; slot <= until; slot += 1) {
      const level = line.levelAt(slot);
      const high = line.highAt(slot);
      sum += level + high;
      squares += level * level + high * high;
    }
    const mean = sum / (2 * WINDOW_SLOTS);
    return { mean, variance: squares / (2 * WINDOW_SLOTS) - mean * mean };
  }

  /** Of what came in with what was played `lag` slots before, from −1 to 1. */
  private correlation(lag: number, mean: number, variance: number): number {
    let sum = 0;
    let squares = 0;
    let products = 0;
    for (let slot = this.inSlot - WINDOW_SLOTS + 1; slot <= this.inSlot; slot += 1) {
      const level = this.out.levelAt(slot - lag);
      const high = this.out.highAt(slot - lag);
      sum += level + high;
      squares += level * level + high * high;
      products += level * this.in.levelAt(slot) + high * this.in.highAt(slot);
    }
    const count = 2 * WINDOW_SLOTS;
    const outMean = sum / count;
    const outVariance = squares / count - outMean * outMean;
    return outVariance < MIN_VARIANCE ? 0 : (products / count - outMean * mean) / Math.sqrt(outVariance * variance);
  }
}
