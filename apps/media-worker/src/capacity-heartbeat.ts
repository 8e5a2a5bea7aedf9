import type { Clock, TimerHandle } from '@carillon/pipeline';
import type { Logger } from '@carillon/platform';
import type { FleetRegister } from './ports.js';

/** Three beats fit into the time after which the fleet forgets a worker (libs/coordination). */
const BEAT_MS = 2_000;

export interface CapacityHeartbeatOptions {
  workerId: string;
  fleet: FleetRegister;
  clock: Clock;
  log: Logger;
  slots(): number;
}

/** Tells the fleet what this worker takes, for as long as it lives: dialing goes by it. */
export class CapacityHeartbeat {
  private timer: TimerHandle | null = null;
  private stopped = false;

  constructor(private readonly options: CapacityHeartbeatOptions) {}

  /** Resolves after the first beat, whether it was heard or not. */
  async beat(): Promise<void> {
    const { workerId, fleet, clock, log, slots } = this.options;
    this.timer?.cancel();
    await fleet
      .announce({ workerId, slots: slots() })
      .catch((error: unknown) => log.warn({ err: error }, 'the fleet does not hear this worker'));
    if (!this.stopped) this.timer = clock.setTimer(clock.now() + BEAT_MS, () => void this.beat());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    const { fleet, workerId, log } = this.options;
    await fleet.withdraw(workerId).catch((error: unknown) => log.warn({ err: error }, 'the fleet could not be told of the end'));
  }
}
