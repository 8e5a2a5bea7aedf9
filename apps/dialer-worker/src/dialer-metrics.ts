import type { Disposition } from '@carillon/contracts';
import { Counter, Gauge, type Registry } from '@carillon/platform';

/** How a dial job came out. */
export type DialDecision = 'dialed' | 'gate_refused' | 'no_slot' | 'limited' | 'too_late' | 'refused_by_carrier' | 'unknown';

export interface DialerMetrics {
  decided(decision: DialDecision): void;
  wrappedUp(disposition: Disposition): void;
  /** An answered call that nobody owns was hung up. */
  lateCall(): void;
  /** An answered call whose line was lost, and which nobody took again, was hung up. */
  callDropped(): void;
  /** The carrier has two calls for one of ours. */
  doubleDial(): void;
  /** Contacts that the ledger cannot account for. */
  unaccounted(contacts: number): void;
  slots(count: { capacity: number; held: number }): void;
  /** What pacing would like the fleet to have. */
  desiredSlots(slots: number): void;
}

export function createDialerMetrics(registry: Registry): DialerMetrics {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) => new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string, labelNames: string[] = []) => new Gauge({ name, help, labelNames, registers });
  const decisions = counter('carillon_dial_decisions_total', 'Dial jobs by how they came out', ['decision']);
  const calls = counter('carillon_calls_total', 'Calls wrapped up, by disposition', ['disposition']);
  const lateCalls = counter('carillon_late_calls_total', 'Answered calls that nobody owned any more, hung up');
  const dropped = counter(
    'carillon_calls_dropped_total',
    'Calls whose line was lost and did not come back, and that were still open: hung up',
    ['by'],
  );
  const doubleDials = counter('carillon_double_dials_total', 'Second connections of the carrier for one call, hung up');
  const unaccounted = gauge('carillon_contacts_unaccounted', 'Contacts that are in no state they could be in; zero is the promise');
  const slots = gauge('carillon_fleet_slots', 'Room for calls on the media workers', ['kind']);
  const desired = gauge('carillon_desired_slots', 'Slots with which nothing that is due to be dialed would have to wait');
  return {
    desiredSlots: (slots) => desired.set(slots),
    decided: (decision) => decisions.inc({ decision }),
    wrappedUp: (disposition) => calls.inc({ disposition }),
    lateCall: () => lateCalls.inc(),
    callDropped: () => dropped.inc({ by: 'reaper' }),
    doubleDial: () => doubleDials.inc(),
    unaccounted: (contacts) => unaccounted.set(contacts),
    slots({ capacity, held }) {
      slots.set({ kind: 'capacity' }, capacity);
      slots.set({ kind: 'held' }, held);
    },
  };
}
