import type { Clock, Ms, TimerHandle } from '@carillon/pipeline';

interface Entry {
  at: Ms;
  callback: () => void;
}

/** A clock that stands still until it is told to go on, and then jumps from timer to timer. A ten-minute call takes a moment. */
export class VirtualClock implements Clock {
  private time: Ms;
  /** By due time; timers of the same moment in the order in which they were set. */
  private readonly entries: Entry[] = [];

  constructor(start: Ms = 0) {
    this.time = start;
  }

  now(): Ms {
    return this.time;
  }

  setTimer(at: Ms, callback: () => void): TimerHandle {
    const entry = { at: Math.max(at, this.time), callback };
    let index = this.entries.length;
    while (index > 0 && (this.entries[index - 1]?.at ?? 0) > entry.at) index -= 1;
    this.entries.splice(index, 0, entry);
    return { cancel: () => this.remove(entry) };
  }

  /** Timers that are set and have not fired. */
  get pending(): number {
    return this.entries.length;
  }

  /** Lets time pass; promises are settled between any two timers. */
  async advance(ms: Ms): Promise<void> {
    await this.advanceTo(this.time + ms);
  }

  async advanceTo(at: Ms): Promise<void> {
    await settlePromises();
    for (let next = this.entries[0]; next !== undefined && next.at <= at; next = this.entries[0]) {
      this.entries.shift();
      this.time = Math.max(this.time, next.at);
      next.callback();
      await settlePromises();
    }
    this.time = Math.max(this.time, at);
  }

  /** The event loop is busy for so long: time passes, and what falls due meanwhile is late. */
  block(ms: Ms): void {
    this.time += ms;
  }

  private remove(entry: Entry): void {
    const index = this.entries.indexOf(entry);
    if (index >= 0) this.entries.splice(index, 1);
  }
}

/** A macrotask later, all promises that could settle have settled. */
const settlePromises = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
