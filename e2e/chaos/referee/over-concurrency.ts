import { type CarrierCall, endOf } from './carrier-call.js';
import { clock, type Violation } from './violation.js';

/** Calls that are open at one time, of all or of some. */
export interface ConcurrencyLimit {
  name: string;
  limit: number;
  counts(call: CarrierCall): boolean;
}

/** Calls that began while as many were open as may be, ringing ones included. */
export function findOverConcurrency(calls: readonly CarrierCall[], limits: readonly ConcurrencyLimit[]): Violation[] {
  return limits.flatMap(({ name, limit, counts }) => {
    const inOrder = calls.filter(counts).sort((a, b) => a.acceptedAt - b.acceptedAt);
    let open: number[] = [];
    return inOrder.flatMap((call): Violation[] => {
      open = [...open.filter((end) => end > call.acceptedAt), endOf(call)];
      if (open.length <= limit) return [];
      return [{ rule: 'over_concurrency', evidence: `${name}: ${open.length} calls open at ${clock(call.acceptedAt)}, ${limit} allowed` }];
    });
  });
}
