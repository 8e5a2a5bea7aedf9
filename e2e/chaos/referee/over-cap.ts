import { groupBy } from './group-by.js';
import type { CarrierCall } from './carrier-call.js';
import { clock, type Violation } from './violation.js';

/** At most so many calls to one person within any stretch of that length. */
export interface PersonCap {
  calls: number;
  withinMs: number;
}

export function findOverCap(calls: readonly CarrierCall[], cap: PersonCap | null): Violation[] {
  if (!cap) return [];
  return [...groupBy(calls, ({ phoneE164 }) => phoneE164).values()].flatMap((ofPerson) => {
    const inOrder = ofPerson.toSorted((a, b) => a.acceptedAt - b.acceptedAt);
    return inOrder.flatMap((call, index): Violation[] => {
      const before = inOrder[index - cap.calls];
      if (!before || call.acceptedAt - before.acceptedAt >= cap.withinMs) return [];
      return [
        { rule: 'over_cap', evidence: `${call.phoneE164} at ${clock(call.acceptedAt)}: one call more than the ${cap.calls} allowed` },
      ];
    });
  });
}
