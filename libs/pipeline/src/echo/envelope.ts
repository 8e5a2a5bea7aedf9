import type { Ms } from '../ports.js';

/** Levels are told per slot of 10 ms. */
export const SLOT_MS: Ms = 10;
/** 2.56 s: what is sent ahead (300 ms), the longest echo and the window that is compared. A power of two. */
const SLOTS = 256;
/** Powers of two of the mean square, so that 1 is 3 dB: −54 dBFS, below which lines are noise. */
export const FLOOR = 12;

/** How loud a line was, slot by slot: all of it, and what is high in it, which differs more from sound to sound. The oldest slots are written over. */
export class Envelope {
  private readonly slotOf = new Float64Array(SLOTS).fill(NaN);
  private readonly all = new Float32Array(SLOTS);
  private readonly high = new Float32Array(SLOTS);

  /** Takes a frame as whole slots from `slot` on; answers how many. */
  write(slot: number, frame: Int16Array, slotSamples: number): number {
    const slots = Math.floor(frame.length / slotSamples);
    for (let index = 0; index < slots; index += 1) this.measure(slot + index, frame, index * slotSamples, slotSamples);
    return slots;
  }

  levelAt(slot: number): number {
    const index = slot & (SLOTS - 1);
    return this.slotOf[index] === slot ? (this.all[index] ?? FLOOR) : FLOOR;
  }

  highAt(slot: number): number {
    const index = slot & (SLOTS - 1);
    return this.slotOf[index] === slot ? (this.high[index] ?? FLOOR) : FLOOR;
  }

  private measure(slot: number, frame: Int16Array, from: number, samples: number): void {
    let power = 0;
    let highPower = 0;
    let before = frame[from] ?? 0;
    for (let at = from; at < from + samples; at += 1) {
      const sample = frame[at] ?? 0;
      power += sample * sample;
      highPower += (sample - before) * (sample - before);
      before = sample;
    }
    const index = slot & (SLOTS - 1);
    this.slotOf[index] = slot;
    this.all[index] = Math.max(FLOOR, Math.log2(power / samples + 1));
    this.high[index] = Math.max(FLOOR, Math.log2(highPower / samples + 1));
  }
}
