import { ECHO_AT } from '../policies/echo.js';
import type { EchoMeter, Ms } from '../ports.js';

/** What the meter says, by windows of the voice detector: the echo of a window is that of its loudest frame. Without a meter there is none. */
export class EchoGuard {
  /** Frames that were our own. */
  frames = 0;
  private loudest = 0;
  private ownUntil: Ms = -Infinity;

  constructor(private readonly meter: EchoMeter | undefined) {}

  played(frame: Int16Array, at: Ms): void {
    this.meter?.played(frame, at);
  }

  heard(frame: Int16Array, at: Ms): void {
    const echo = this.meter?.heard(frame, at) ?? 0;
    if (echo >= ECHO_AT) this.frames += 1;
    if (echo > this.loudest) this.loudest = echo;
  }

  endWindow(endAt: Ms): number {
    const { loudest } = this;
    this.loudest = 0;
    if (loudest >= ECHO_AT) this.ownUntil = endAt;
    return loudest;
  }

  /** Of a sound that set in at `soundAt`: since when it is not our own. */
  foreignSince(soundAt: Ms): Ms {
    return Math.max(soundAt, this.ownUntil);
  }
}
