/**
 * The last seconds of a call's audio, 16-bit. Positions count the bytes since its beginning. It takes its memory once, with the first frame, and gives no
 * work to the garbage collector afterwards.
 */
export class AudioBacklog {
  readonly #capacityBytes: number;
  #ring: Buffer | undefined;
  #start = 0;
  #end = 0;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  /** Position of the oldest byte that is kept. */
  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** Copies the frame; what no longer fits falls out at the old end. */
  append(frame: Int16Array): void {
    const ring = (this.#ring ??= Buffer.allocUnsafeSlow(this.#capacityBytes));
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
    const kept = bytes.subarray(Math.max(0, bytes.length - ring.length));
    const at = (this.#end + bytes.length - kept.length) % ring.length;
    const untilWrap = Math.min(kept.length, ring.length - at);
    ring.set(kept.subarray(0, untilWrap), at);
    if (untilWrap < kept.length) ring.set(kept.subarray(untilWrap), 0);
    this.#end += bytes.length;
    this.#start = Math.max(this.#start, this.#end - ring.length);
  }

  /** What lies before is not needed any more. */
  dropUntil(position: number): void {
    this.#start = Math.min(Math.max(this.#start, position), this.#end);
  }

  /** The audio between two positions that are kept. Valid until the next `append`. */
  read(from: number, to: number): Buffer {
    const ring = this.#ring;
    if (ring === undefined || from < this.#start || to > this.#end) throw new RangeError('this audio is not kept');
    const at = from % ring.length;
    const untilWrap = ring.length - at;
    const length = to - from;
    if (length <= untilWrap) return ring.subarray(at, at + length);
    return Buffer.concat([ring.subarray(at), ring.subarray(0, length - untilWrap)]);
  }
}
