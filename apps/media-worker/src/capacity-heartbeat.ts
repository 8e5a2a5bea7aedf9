import type { Clock, TimerHandle } from '@carillon/pipeline';
import type { Logger } from '@carillon/platform';
import type { LoopDelayWatch } from './loop-delay-watch.js';
import type { CapacityState, OpenCalls } from './open-calls.js';
import type { FleetRegister } from './ports.js';

/** Three beats fit into the time after which the fleet forgets a worker (libs/coordination). */
const BEAT_MS = 2_000;

export interface CapacityHeartbeatOptions {
  workerId: string;
  /** Where other workers reach this one, to pass calls on. */
  peerUrl: string;
  fleet: Pick<FleetRegister, 'announce' | 'withdraw'>;
  clock: Clock;
  log: Logger;
  calls: Pick<OpenCalls, 'announcedSlots' | 'room' | 'state'>;
  loop: Pick<LoopDelayWatch, 'look' | 'p99Ms'>;
}

/** Tells the fleet what this worker takes, for as long as it lives: dialing goes by it, and so do workers without room. */
export class CapacityHeartbeat {
  private timer: TimerHandle | null = null;
  private stopped = false;
  private told: CapacityState = 'open';

  constructor(private readonly options: CapacityHeartbeatOptions) {}

  /** Resolves after the first beat, whether it was heard or not. */
  async beat(): Promise<void> {
    const { workerId, peerUrl, fleet, clock, log, calls, loop } = this.options;
    if (this.stopped) return;
    loop.look();
    this.tellChange();
    await fleet
      .announce({ workerId, slots: calls.announcedSlots, peer: { url: peerUrl, room: calls.room } })
      .catch((error: unknown) => log.warn({ err: error }, 'the fleet does not hear this worker'));
    if (this.stopped) return;
    this.timer?.cancel(); // of a beat that ran at the same time
    this.timer = clock.setTimer(clock.now() + BEAT_MS, () => void this.beat());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    const { fleet, workerId, log } = this.options;
    await fleet.withdraw(workerId).catch((error: unknown) => log.warn({ err: error }, 'the fleet could not be told of the end'));
  }

  private tellChange(): void {
    const { log, calls, loop } = this.options;
    const { state } = calls;
    if (state === this.told) return;
    this.told = state;
    const fields = { state, slots: calls.announcedSlots, loopDelayP99Ms: Math.round(loop.p99Ms) };
    if (state === 'open') log.info(fields, 'this worker takes calls again');
    else if (state === 'overloaded') log.warn(fields, 'this worker takes no more calls');
    else log.info(fields, 'this worker takes no more calls');
  }
}
