import type { EchoGuard } from '../echo/echo-guard.js';
import type { InboundAudio } from './inbound-audio.js';
import type { LineCounts } from './jitter-buffer.js';
import type { Playout } from './playout.js';

/** What a call has counted so far. Frames are of 20 ms. */
export interface CallStats extends LineCounts {
  framesIn: number;
  framesOut: number;
  /** Times that a phrase ran dry in its middle: synthesis slower than speech. */
  underruns: number;
  /** Inbound frames that were our own sound. */
  framesEchoed: number;
}

export const NO_CALL_STATS: CallStats = {
  framesIn: 0,
  framesOut: 0,
  underruns: 0,
  framesEchoed: 0,
  framesLate: 0,
  framesLost: 0,
  framesConcealed: 0,
  framesDuplicated: 0,
};

export function statsOf(parts: { intake: InboundAudio; playout: Playout; echo: EchoGuard }, framesIn: number): CallStats {
  const { framesSent: framesOut, underruns } = parts.playout;
  return { ...parts.intake.counts, framesIn, framesOut, underruns, framesEchoed: parts.echo.frames };
}
