import { within } from '@carillon/platform';
import type { Room } from './accept-call.js';
import type { HeldCall } from './hold-call.js';

export const CAPACITY_STATES = ['open', 'full', 'overloaded', 'draining'] as const;
/** Why a worker takes no further call, or that it does. */
export type CapacityState = (typeof CAPACITY_STATES)[number];

/** A handshake waits no longer for the writes of the socket before it: what is not written by then lies in the snapshot of the call. */
const WRITTEN_TIMEOUT_MS = 2_000;

/** The calls of this worker, and the room for more. */
export class OpenCalls implements Room {
  private readonly open = new Map<string, HeldCall>();
  /** Calls that left and are still being written. */
  private readonly settling = new Set<HeldCall>();
  /** Handshakes between taking a place and having a socket. */
  private pending = 0;
  private taking = true;

  /** `isOverloaded`: the process is too slow for another call, whatever slots are free. */
  constructor(
    private readonly slots: number,
    private readonly isOverloaded: () => boolean = () => false,
  ) {}

  take(callId: string): 'taken' | Exclude<CapacityState, 'open'> {
    const { state } = this;
    if (state === 'draining' || (state !== 'open' && !this.open.has(callId))) return state;
    this.pending += 1;
    return 'taken';
  }

  giveBack(): void {
    this.pending -= 1;
  }

  /** Turns a taken place into a call. */
  add(call: HeldCall): void {
    this.pending -= 1;
    // Two sockets of one call that came at the same moment: the later epoch stays.
    const other = this.open.get(call.callId);
    if (other && other.epoch > call.epoch) void call.supersede();
    else {
      void other?.supersede();
      this.open.set(call.callId, call);
    }
    this.settling.add(call);
    void call.left.then(() => {
      if (this.open.get(call.callId) === call) this.open.delete(call.callId);
    });
    void call.done.then(() => this.settling.delete(call));
  }

  /** Ends what this worker holds of a call and waits until all of it is written, so that its next socket can start with it; not for ever. */
  async makeWayFor(callId: string): Promise<void> {
    void this.open.get(callId)?.supersede();
    const before = [...this.settling].filter((call) => call.callId === callId);
    await within(WRITTEN_TIMEOUT_MS, Promise.all(before.map((call) => call.written)));
  }

  find(callId: string): HeldCall | undefined {
    return this.open.get(callId);
  }

  calls(): HeldCall[] {
    return [...this.open.values()];
  }

  get state(): CapacityState {
    if (!this.taking) return 'draining';
    if (this.held >= this.slots) return 'full';
    return this.isOverloaded() ? 'overloaded' : 'open';
  }

  /** What this worker announces: while it takes nothing, only as much as it holds, so that it adds no room. */
  get announcedSlots(): number {
    return this.taking && !this.isOverloaded() ? this.slots : Math.min(this.slots, this.held);
  }

  /** Calls that it would take now. */
  get room(): number {
    return this.state === 'open' ? this.slots - this.held : 0;
  }

  private get held(): number {
    return this.open.size + this.pending;
  }

  stopTaking(): void {
    this.taking = false;
  }

  /** All calls that there are now have left. */
  async empty(): Promise<void> {
    await Promise.all(this.calls().map((call) => call.left));
  }

  /** All calls that there were are written. */
  async settled(): Promise<void> {
    await Promise.all([...this.settling].map((call) => call.done));
  }
}
