import type { Clock, Ms, TimerHandle } from '../ports.js';
import type { TurnEvent } from '../turn/events.js';
import type { TimerName } from '../turn/state.js';

/** The armed timers of one call, one per name. */
export class TimerSet {
  private readonly armed = new Map<TimerName, TimerHandle>();

  constructor(
    private readonly clock: Clock,
    private dispatch: ((event: TurnEvent) => void) | null,
  ) {}

  arm(timer: TimerName, gen: number, at: Ms): void {
    this.armed.get(timer)?.cancel();
    const handle = this.clock.setTimer(at, () => {
      if (this.armed.get(timer) === handle) this.armed.delete(timer);
      this.dispatch?.({ type: 'timer', at: this.clock.now(), timer, gen });
    });
    this.armed.set(timer, handle);
  }

  cancel(timer: TimerName): void {
    this.armed.get(timer)?.cancel();
    this.armed.delete(timer);
  }

  close(): void {
    this.dispatch = null;
    for (const handle of this.armed.values()) handle.cancel();
    this.armed.clear();
  }
}
