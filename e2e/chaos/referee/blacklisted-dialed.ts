import type { CarrierCall } from './carrier-call.js';
import { clock, type Violation } from './violation.js';

/** A request that had left when the entry was written may still be on its way to the carrier. */
export const BLACKLIST_GRACE_MS = 5_000;

/** Calls to people after the api had taken their entry, by number in epoch milliseconds. */
export function findBlacklistedDialed(calls: readonly CarrierCall[], listedAt: ReadonlyMap<string, number>): Violation[] {
  return calls.flatMap((call): Violation[] => {
    const since = listedAt.get(call.phoneE164);
    if (since === undefined || call.acceptedAt <= since + BLACKLIST_GRACE_MS) return [];
    return [
      { rule: 'blacklisted_dialed', evidence: `${call.phoneE164} at ${clock(call.acceptedAt)}, on the blacklist since ${clock(since)}` },
    ];
  });
}
