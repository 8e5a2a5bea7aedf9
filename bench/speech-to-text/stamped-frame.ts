import { FRAME_SAMPLES } from '../voice/phone.js';

export const FRAME_BYTES = FRAME_SAMPLES * 2;

/** The machine's monotonic clock, which is the same in all processes. */
export function machineNowMs(): number {
  return Number(process.hrtime.bigint()) / 1_000_000;
}

/** 20 ms of audio whose first samples say when it was handed over. */
export function stampedFrame(): Int16Array {
  const frame = new Int16Array(FRAME_SAMPLES);
  new DataView(frame.buffer).setFloat64(0, machineNowMs(), true);
  return frame;
}

/** When the frame that begins there was handed over. */
export function readStamp(audio: Buffer, at: number): number {
  return audio.readDoubleLE(at);
}
