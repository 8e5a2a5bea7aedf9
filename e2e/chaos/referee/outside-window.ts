import type { CarrierCall } from './carrier-call.js';
import { clock, type Violation } from './violation.js';

/** Local times of day between which phones may ring: from the first minute on, up to the last without it. */
export interface DailyWindow {
  /** `HH:MM` */
  from: string;
  to: string;
}

/** Calls at a time of day at which the person's own clock says no. */
export function findOutsideWindow(
  calls: readonly CarrierCall[],
  window: DailyWindow | null,
  zoneOf: ReadonlyMap<string, string>,
): Violation[] {
  if (!window) return [];
  return calls.flatMap((call): Violation[] => {
    const zone = zoneOf.get(call.phoneE164);
    const local = zone === undefined ? null : localTime(call.acceptedAt, zone);
    if (local !== null && local >= window.from && local < window.to) return [];
    const evidence = `${call.phoneE164} at ${clock(call.acceptedAt)}: ${local ?? 'unknown'} in ${zone ?? 'an unknown zone'}, allowed ${window.from} to ${window.to}`;
    return [{ rule: 'outside_window', evidence }];
  });
}

/** Making one takes longer than a thousand uses of it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** `HH:MM` on the clocks of that zone. */
export function localTime(ms: number, timeZone: string): string {
  const clockThere =
    clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  clocks.set(timeZone, clockThere);
  return clockThere.format(ms);
}
